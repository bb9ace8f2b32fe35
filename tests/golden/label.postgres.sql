WITH "t60191970" AS (
  SELECT
    "loan_id",
    "customer_id",
    "defaulted",
    "defaulted_on",
    "applied_on",
    "amount",
    "term_months",
    "annual_rate",
    "purpose",
    "grade",
    "closed_on"
  FROM "loans"
), "t29542819" AS (
  SELECT
    "loan_id" AS "loan_id",
    CAST("applied_on" AS TIMESTAMP) AS "applied",
    CAST("defaulted_on" AS TIMESTAMP) AS "fell",
    CAST("closed_on" AS TIMESTAMP) AS "closed",
    COALESCE("defaulted", FALSE) AS "flagged",
    "defaulted" IS NULL AS "blank"
  FROM "t60191970"
), "t31315260" AS (
  SELECT
    "loan_id",
    "applied",
    CASE
      WHEN "fell" < CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
      THEN "fell"
    END AS "fell",
    CASE
      WHEN "closed" < CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
      THEN "closed"
    END AS "closed",
    (
      "flagged"
      AND NOT (
        (
          NOT (
            "fell" IS NULL
          )
          AND "fell" >= CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
        )
      )
    ) AS "flagged",
    (
      "blank"
      AND NOT (
        (
          NOT (
            "fell" IS NULL
          )
          AND "fell" >= CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP)
        )
      )
    ) AS "blank",
    "applied" + INTERVAL '12 MONTH' AS "end"
  FROM "t29542819"
), "t29094492" AS (
  SELECT
    "loan_id",
    "applied",
    "fell",
    "closed",
    "flagged",
    "blank",
    "end",
    CASE
      WHEN COALESCE("applied" >= CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP), FALSE)
      THEN 1
      ELSE CASE
        WHEN COALESCE(
          (
            NOT (
              "fell" IS NULL
            ) AND (
              "end" IS NULL OR "fell" < "end"
            )
          ),
          FALSE
        )
        THEN 2
        ELSE CASE
          WHEN COALESCE(NOT (
            "fell" IS NULL
          ), FALSE)
          THEN 3
          ELSE CASE
            WHEN COALESCE("flagged", FALSE)
            THEN 4
            ELSE CASE
              WHEN COALESCE("blank", FALSE)
              THEN 5
              ELSE CASE
                WHEN COALESCE(
                  (
                    NOT (
                      "closed" IS NULL
                    ) AND (
                      "end" IS NULL OR "closed" < "end"
                    )
                  ),
                  FALSE
                )
                THEN 6
                ELSE CASE
                  WHEN COALESCE("end" IS NULL, FALSE)
                  THEN 7
                  ELSE CASE
                    WHEN COALESCE("end" <= CAST(CAST('2025-06-30 00:00:00' AS TIMESTAMP) AS TIMESTAMP), FALSE)
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
  FROM "t31315260"
)
SELECT
  "loan_id" AS "loan_id",
  CASE
    WHEN (
      NOT (
        CASE WHEN "rule" IS NULL THEN NULL ELSE "rule" IN (1, 5) END
      )
      AND NOT (
        "rule" = 9
      )
    )
    THEN CASE WHEN "rule" IS NULL THEN NULL ELSE "rule" IN (2, 4) END
  END AS "defaulted",
  CASE
    WHEN CASE WHEN "rule" IS NULL THEN NULL ELSE "rule" IN (1, 5) END
    THEN 'unknown'
    ELSE CASE WHEN "rule" = 9 THEN 'immature' ELSE 'known' END
  END AS "status",
  CASE
    WHEN "rule" = 2
    THEN "fell"
    ELSE CASE
      WHEN CASE WHEN "rule" IS NULL THEN NULL ELSE "rule" IN (4, 6) END
      THEN "closed"
      ELSE CASE
        WHEN CASE WHEN "rule" IS NULL THEN NULL ELSE "rule" IN (3, 8) END
        THEN "end"
      END
    END
  END AS "known_at"
FROM "t29094492"
