WITH "t15204769" AS (
  SELECT
    "loans"."loan_id" AS "loan_id",
    CAST("loans"."applied_on" AS TIMESTAMP) AS "applied",
    CAST("loans"."defaulted_on" AS TIMESTAMP) AS "fell",
    CAST("loans"."closed_on" AS TIMESTAMP) AS "closed",
    COALESCE("loans"."defaulted", FALSE) AS "flagged",
    ISNULL("loans"."defaulted") AS "blank"
  FROM "loans" AS "loans"
), "t12177536" AS (
  SELECT
    "t34254003"."loan_id" AS "loan_id",
    "t34254003"."applied" AS "applied",
    CASE
      WHEN "t34254003"."fell" < CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
      THEN "t34254003"."fell"
    END AS "fell",
    CASE
      WHEN "t34254003"."closed" < CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
      THEN "t34254003"."closed"
    END AS "closed",
    (
      "t34254003"."fell" < CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
      OR NOT NOT ISNULL("t34254003"."fell")
    )
    AND "t34254003"."flagged" AS "flagged",
    "t34254003"."blank"
    AND (
      "t34254003"."fell" < CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
      OR NOT NOT ISNULL("t34254003"."fell")
    ) AS "blank",
    "t34254003"."applied" + INTERVAL '12 MONTH' AS "end"
  FROM "t15204769" AS "t34254003"
), "t29633836" AS (
  SELECT
    "t16649736"."loan_id" AS "loan_id",
    "t16649736"."fell" AS "fell",
    "t16649736"."closed" AS "closed",
    "t16649736"."end" AS "end",
    CASE
      WHEN COALESCE(
        "t16649736"."applied" >= CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP),
        FALSE
      )
      THEN 1
      ELSE CASE
        WHEN COALESCE(
          (
            (
              "t16649736"."end" > "t16649736"."fell" OR ISNULL("t16649736"."end")
            )
            AND NOT ISNULL("t16649736"."fell")
          ),
          FALSE
        )
        THEN 2
        ELSE CASE
          WHEN COALESCE(NOT ISNULL("t16649736"."fell"), FALSE)
          THEN 3
          ELSE CASE
            WHEN COALESCE("t16649736"."flagged", FALSE)
            THEN 4
            ELSE CASE
              WHEN COALESCE("t16649736"."blank", FALSE)
              THEN 5
              ELSE CASE
                WHEN COALESCE(
                  (
                    (
                      "t16649736"."closed" < "t16649736"."end" OR ISNULL("t16649736"."end")
                    )
                    AND NOT ISNULL("t16649736"."closed")
                  ),
                  FALSE
                )
                THEN 6
                ELSE CASE
                  WHEN COALESCE(ISNULL("t16649736"."end"), FALSE)
                  THEN 7
                  ELSE CASE
                    WHEN COALESCE(
                      "t16649736"."end" <= CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP),
                      FALSE
                    )
                    THEN 8
                    ELSE 9
                  END
                END
              END
            END
          END
        END
      END
    END AS "rule"
  FROM "t12177536" AS "t16649736"
)
SELECT
  "t18618038"."loan_id" AS "loan_id",
  CASE
    WHEN (
      "t18618038"."rule" <> 9
      AND NOT CASE WHEN ISNULL("t18618038"."rule") THEN NULL ELSE "t18618038"."rule" IN (1, 5) END
    )
    THEN CASE WHEN ISNULL("t18618038"."rule") THEN NULL ELSE "t18618038"."rule" IN (2, 4) END
  END AS "defaulted",
  CASE
    WHEN CASE WHEN ISNULL("t18618038"."rule") THEN NULL ELSE "t18618038"."rule" IN (1, 5) END
    THEN 'unknown'
    ELSE CASE WHEN "t18618038"."rule" = 9 THEN 'immature' ELSE 'known' END
  END AS "status",
  CASE
    WHEN "t18618038"."rule" = 2
    THEN "t18618038"."fell"
    ELSE CASE
      WHEN CASE WHEN ISNULL("t18618038"."rule") THEN NULL ELSE "t18618038"."rule" IN (4, 6) END
      THEN "t18618038"."closed"
      ELSE CASE
        WHEN CASE WHEN ISNULL("t18618038"."rule") THEN NULL ELSE "t18618038"."rule" IN (3, 8) END
        THEN "t18618038"."end"
      END
    END
  END AS "known_at"
FROM "t29633836" AS "t18618038"
