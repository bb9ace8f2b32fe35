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
), "t13830978" AS (
  SELECT
    "loan_id" AS "row",
    "customer_id" AS "customer_id",
    CAST("applied_on" AS TIMESTAMP) AS "as_of",
    "loan_id" AS "loan_id"
  FROM "t60191970"
), "t42812514" AS (
  SELECT
    "row",
    "customer_id",
    "as_of"
  FROM "t13830978"
), "t19667321" AS (
  SELECT
    "row" AS "loan_id"
  FROM "t13830978"
), "t26640528" AS (
  SELECT
    "loan_id" AS "loan_id"
  FROM "t19667321"
), "t42861417" AS (
  SELECT
    "t60191970"."loan_id",
    "t60191970"."customer_id",
    "t60191970"."defaulted",
    "t60191970"."defaulted_on",
    "t60191970"."applied_on",
    "t60191970"."amount",
    "t60191970"."term_months",
    "t60191970"."annual_rate",
    "t60191970"."purpose",
    "t60191970"."grade",
    "t60191970"."closed_on"
  FROM "t60191970"
  INNER JOIN "t26640528"
    ON "t60191970"."loan_id" = "t26640528"."loan_id"
), "t22149492" AS (
  SELECT
    CAST("amount" AS DOUBLE PRECISION) AS "amount",
    CAST("term_months" AS DOUBLE PRECISION) AS "term_months",
    CAST("annual_rate" AS DOUBLE PRECISION) AS "annual_rate",
    CASE
      WHEN "term_months" <> 0
      THEN CASE
        WHEN CAST("term_months" AS DOUBLE PRECISION) <> 0
        THEN CASE
          WHEN CAST("term_months" AS DOUBLE PRECISION) <> 0
          THEN CAST("amount" AS DOUBLE PRECISION) / CAST("term_months" AS DOUBLE PRECISION)
          ELSE NULL
        END
        WHEN CAST("term_months" AS DOUBLE PRECISION) = 0
        THEN CASE
          WHEN CAST("amount" AS DOUBLE PRECISION) = 0
          THEN CAST('NaN' AS REAL)
          WHEN CAST("amount" AS DOUBLE PRECISION) > 0
          THEN CAST('inf' AS REAL)
          WHEN CAST("amount" AS DOUBLE PRECISION) < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "instalment",
    CAST("purpose" AS TEXT) AS "purpose",
    CAST("grade" AS TEXT) AS "grade",
    "loan_id" AS "row"
  FROM "t42861417"
), "t20142696" AS (
  SELECT
    "row" AS "row",
    "amount" AS "amount",
    "term_months" AS "term_months",
    "annual_rate" AS "annual_rate",
    "instalment" AS "instalment",
    "purpose" AS "purpose",
    "grade" AS "grade"
  FROM "t22149492"
), "t11404999" AS (
  SELECT
    "t42812514"."row",
    "t42812514"."customer_id",
    "t42812514"."as_of",
    "t20142696"."amount",
    "t20142696"."term_months",
    "t20142696"."annual_rate",
    "t20142696"."instalment",
    "t20142696"."purpose",
    "t20142696"."grade"
  FROM "t42812514"
  LEFT OUTER JOIN "t20142696"
    ON "t42812514"."row" = "t20142696"."row"
), "t79304546" AS (
  SELECT
    "customer_id",
    "birth_date",
    "joined_on",
    "region",
    "annual_income",
    "score",
    "scored_on"
  FROM "customers"
), "t38158136" AS (
  SELECT
    "customer_id" AS "customer_id",
    "row" AS "row",
    "as_of" AS "as_of"
  FROM "t42812514"
), "t22613319" AS (
  SELECT
    "t79304546"."customer_id",
    "t79304546"."birth_date",
    "t79304546"."joined_on",
    "t79304546"."region",
    "t79304546"."annual_income",
    "t79304546"."score",
    "t79304546"."scored_on",
    "t38158136"."row",
    "t38158136"."as_of"
  FROM "t79304546"
  INNER JOIN "t38158136"
    ON "t79304546"."customer_id" = "t38158136"."customer_id"
), "t15812440" AS (
  SELECT
    "row" AS "row",
    (
      CASE
        WHEN CAST("birth_date" AS TIMESTAMP) < "as_of"
        THEN CAST((
          (
            CAST((
              (
                (
                  CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                ) * 365
              ) + (
                (
                  FLOOR(
                    (
                      (
                        (
                          CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                        ) + 0.5
                      ) * 0.25
                    )
                  ) - FLOOR(
                    (
                      (
                        (
                          CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                        ) + 0.5
                      ) * 0.01
                    )
                  )
                ) + FLOOR(
                  (
                    (
                      (
                        CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                      ) + 0.5
                    ) * 0.0025
                  )
                )
              )
            ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST("as_of" AS DATE)) AS BIGINT)
          ) - (
            CAST((
              (
                (
                  CAST(EXTRACT(year FROM CAST(CAST("birth_date" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                ) * 365
              ) + (
                (
                  FLOOR(
                    (
                      (
                        (
                          CAST(EXTRACT(year FROM CAST(CAST("birth_date" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                        ) + 0.5
                      ) * 0.25
                    )
                  ) - FLOOR(
                    (
                      (
                        (
                          CAST(EXTRACT(year FROM CAST(CAST("birth_date" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                        ) + 0.5
                      ) * 0.01
                    )
                  )
                ) + FLOOR(
                  (
                    (
                      (
                        CAST(EXTRACT(year FROM CAST(CAST("birth_date" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                      ) + 0.5
                    ) * 0.0025
                  )
                )
              )
            ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST(CAST("birth_date" AS TIMESTAMP) AS DATE)) AS BIGINT)
          )
        ) AS DOUBLE PRECISION)
      END * 0.0027378507871321013
    ) AS "age_years",
    CASE
      WHEN CAST("joined_on" AS TIMESTAMP) < "as_of"
      THEN CAST((
        (
          CAST((
            (
              (
                CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
              ) * 365
            ) + (
              (
                FLOOR(
                  (
                    (
                      (
                        CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                      ) + 0.5
                    ) * 0.25
                  )
                ) - FLOOR(
                  (
                    (
                      (
                        CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                      ) + 0.5
                    ) * 0.01
                  )
                )
              ) + FLOOR(
                (
                  (
                    (
                      CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                    ) + 0.5
                  ) * 0.0025
                )
              )
            )
          ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST("as_of" AS DATE)) AS BIGINT)
        ) - (
          CAST((
            (
              (
                CAST(EXTRACT(year FROM CAST(CAST("joined_on" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
              ) * 365
            ) + (
              (
                FLOOR(
                  (
                    (
                      (
                        CAST(EXTRACT(year FROM CAST(CAST("joined_on" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                      ) + 0.5
                    ) * 0.25
                  )
                ) - FLOOR(
                  (
                    (
                      (
                        CAST(EXTRACT(year FROM CAST(CAST("joined_on" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                      ) + 0.5
                    ) * 0.01
                  )
                )
              ) + FLOOR(
                (
                  (
                    (
                      CAST(EXTRACT(year FROM CAST(CAST("joined_on" AS TIMESTAMP) AS DATE)) AS DOUBLE PRECISION) - 1
                    ) + 0.5
                  ) * 0.0025
                )
              )
            )
          ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST(CAST("joined_on" AS TIMESTAMP) AS DATE)) AS BIGINT)
        )
      ) AS DOUBLE PRECISION)
    END AS "tenure_days",
    CAST("annual_income" AS DOUBLE PRECISION) AS "annual_income",
    CAST("region" AS TEXT) AS "region",
    CASE
      WHEN CAST("scored_on" AS TIMESTAMP) < "as_of"
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "score"
  FROM "t22613319"
), "t14647404" AS (
  SELECT
    "row" AS "row",
    "age_years" AS "age_years",
    "tenure_days" AS "tenure_days",
    "annual_income" AS "annual_income",
    "region" AS "region",
    "score" AS "score"
  FROM "t15812440"
), "t13283183" AS (
  SELECT
    "t11404999"."row",
    "t11404999"."customer_id",
    "t11404999"."as_of",
    "t11404999"."amount",
    "t11404999"."term_months",
    "t11404999"."annual_rate",
    "t11404999"."instalment",
    "t11404999"."purpose",
    "t11404999"."grade",
    "t14647404"."age_years",
    "t14647404"."tenure_days",
    "t14647404"."annual_income",
    "t14647404"."region",
    "t14647404"."score"
  FROM "t11404999"
  LEFT OUTER JOIN "t14647404"
    ON "t11404999"."row" = "t14647404"."row"
), "t21721203" AS (
  SELECT
    "customer_id" AS "customer_id",
    "defaulted" AS "defaulted",
    CAST("applied_on" AS TIMESTAMP) AS "applied_on",
    CAST("defaulted_on" AS TIMESTAMP) AS "defaulted_on",
    CAST("closed_on" AS TIMESTAMP) AS "closed_on",
    ROUND(CAST((
      CAST("amount" AS DOUBLE PRECISION) * 100.0
    ) AS DECIMAL), 0) AS "cents"
  FROM "t60191970"
), "t12053663" AS (
  SELECT
    "t21721203"."customer_id",
    "t21721203"."defaulted",
    "t21721203"."applied_on",
    "t21721203"."defaulted_on",
    "t21721203"."closed_on",
    "t21721203"."cents",
    "t38158136"."row",
    "t38158136"."as_of"
  FROM "t21721203"
  INNER JOIN "t38158136"
    ON "t21721203"."customer_id" = "t38158136"."customer_id"
), "t76297275" AS (
  SELECT
    "row",
    CAST(COUNT("as_of") AS DOUBLE PRECISION) AS "earlier_loans_count",
    CAST(COALESCE(
      SUM(
        CASE
          WHEN (
            COALESCE("defaulted_on" < "as_of", FALSE)
            OR (
              (
                COALESCE("defaulted", FALSE) AND COALESCE("closed_on" < "as_of", FALSE)
              )
              AND "defaulted_on" IS NULL
            )
          )
          THEN 1
          ELSE 0
        END
      ),
      0
    ) AS DOUBLE PRECISION) AS "earlier_defaults_count",
    CAST(COALESCE(
      SUM(CASE WHEN NOT (
        COALESCE("closed_on" < "as_of", FALSE)
      ) THEN 1 ELSE 0 END),
      0
    ) AS DOUBLE PRECISION) AS "open_loans_count",
    ROUND(CAST((
      COALESCE(SUM("cents"), 0) * 0.01
    ) AS DECIMAL), 2) AS "earlier_amount"
  FROM "t12053663"
  WHERE
    CAST("applied_on" AS TIMESTAMP) < "as_of"
  GROUP BY
    "row"
), "t29379449" AS (
  SELECT
    "row" AS "row",
    "earlier_loans_count" AS "earlier_loans_count",
    "earlier_defaults_count" AS "earlier_defaults_count",
    "open_loans_count" AS "open_loans_count",
    "earlier_amount" AS "earlier_amount"
  FROM "t76297275"
), "t27357665" AS (
  SELECT
    "row" AS "row",
    "earlier_loans_count" AS "earlier_loans_count",
    "earlier_defaults_count" AS "earlier_defaults_count",
    "open_loans_count" AS "open_loans_count",
    "earlier_amount" AS "earlier_amount"
  FROM "t29379449"
), "t19985330" AS (
  SELECT
    "t13283183"."row",
    "t13283183"."customer_id",
    "t13283183"."as_of",
    "t13283183"."amount",
    "t13283183"."term_months",
    "t13283183"."annual_rate",
    "t13283183"."instalment",
    "t13283183"."purpose",
    "t13283183"."grade",
    "t13283183"."age_years",
    "t13283183"."tenure_days",
    "t13283183"."annual_income",
    "t13283183"."region",
    "t13283183"."score",
    "t27357665"."earlier_loans_count",
    "t27357665"."earlier_defaults_count",
    "t27357665"."open_loans_count",
    "t27357665"."earlier_amount"
  FROM "t13283183"
  LEFT OUTER JOIN "t27357665"
    ON "t13283183"."row" = "t27357665"."row"
), "t39080080" AS (
  SELECT
    "customer_id",
    "product_id",
    "kind",
    "at"
  FROM "interactions"
), "t21438156" AS (
  SELECT
    "customer_id" AS "customer_id",
    "product_id" AS "product_id",
    "kind" AS "kind",
    CAST("at" AS TIMESTAMP) AS "at"
  FROM "t39080080"
), "t40789659" AS (
  SELECT
    "t21438156"."customer_id",
    "t21438156"."product_id",
    "t21438156"."kind",
    "t21438156"."at",
    "t38158136"."row",
    "t38158136"."as_of"
  FROM "t21438156"
  INNER JOIN "t38158136"
    ON "t21438156"."customer_id" = "t38158136"."customer_id"
), "t42420731" AS (
  SELECT
    "customer_id",
    "product_id",
    "kind",
    "at",
    "row",
    "as_of",
    (
      (
        CAST((
          (
            (
              CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
            ) * 365
          ) + (
            (
              FLOOR(
                (
                  (
                    (
                      CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                    ) + 0.5
                  ) * 0.25
                )
              ) - FLOOR(
                (
                  (
                    (
                      CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                    ) + 0.5
                  ) * 0.01
                )
              )
            ) + FLOOR(
              (
                (
                  (
                    CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                  ) + 0.5
                ) * 0.0025
              )
            )
          )
        ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST("as_of" AS DATE)) AS BIGINT)
      ) - (
        CAST((
          (
            (
              CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
            ) * 365
          ) + (
            (
              FLOOR(
                (
                  (
                    (
                      CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
                    ) + 0.5
                  ) * 0.25
                )
              ) - FLOOR(
                (
                  (
                    (
                      CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
                    ) + 0.5
                  ) * 0.01
                )
              )
            ) + FLOOR(
              (
                (
                  (
                    CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
                  ) + 0.5
                ) * 0.0025
              )
            )
          )
        ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST("at" AS DATE)) AS BIGINT)
      )
    ) <= 365 AS "recent"
  FROM "t40789659"
  WHERE
    CAST("at" AS TIMESTAMP) < "as_of"
), "t47496703" AS (
  SELECT
    "customer_id",
    "product_id",
    "kind",
    "at",
    "row",
    "as_of",
    "recent"
  FROM "t42420731"
), "t42331700" AS (
  SELECT
    "row",
    "product_id",
    MAX(CASE WHEN "kind" = 'hold' THEN "at" END) AS "held_since",
    MAX(CASE WHEN "kind" = 'close' THEN "at" END) AS "closed_at",
    COALESCE(SUM(CASE WHEN (
      "recent" AND "kind" = 'view'
    ) THEN 1 ELSE 0 END), 0) AS "view",
    COALESCE(SUM(CASE WHEN (
      "recent" AND "kind" = 'click'
    ) THEN 1 ELSE 0 END), 0) AS "click",
    COALESCE(SUM(CASE WHEN (
      "recent" AND "kind" = 'apply'
    ) THEN 1 ELSE 0 END), 0) AS "apply",
    COALESCE(SUM(CASE WHEN (
      "recent" AND "kind" = 'hold'
    ) THEN 1 ELSE 0 END), 0) AS "hold",
    COALESCE(SUM(CASE WHEN (
      "recent" AND "kind" = 'close'
    ) THEN 1 ELSE 0 END), 0) AS "close"
  FROM "t47496703"
  GROUP BY
    "row",
    "product_id"
), "t21176867" AS (
  SELECT
    "row" AS "row",
    "product_id" AS "product_id",
    "held_since" AS "held_since",
    "closed_at" AS "closed_at",
    "view" AS "view",
    "click" AS "click",
    "apply" AS "apply",
    "hold" AS "hold",
    "close" AS "close"
  FROM "t42331700"
), "t16230715" AS (
  SELECT
    "row",
    "product_id",
    "held_since",
    "closed_at",
    "view",
    "click",
    "apply",
    "hold",
    "close",
    CASE
      WHEN (
        NOT (
          "held_since" IS NULL
        )
        AND (
          "closed_at" IS NULL OR "closed_at" <= "held_since"
        )
      )
      THEN 1
      ELSE 0
    END AS "held"
  FROM "t21176867"
), "t12326428" AS (
  SELECT
    "row",
    "product_id",
    "held_since",
    "closed_at",
    "view",
    "click",
    "apply",
    "hold",
    "close",
    "held"
  FROM "t16230715"
), "t35326110" AS (
  SELECT
    "row",
    CAST(COALESCE(SUM("held"), 0) AS DOUBLE PRECISION) AS "products_held",
    CAST(COALESCE(SUM("view"), 0) AS DOUBLE PRECISION) AS "interactions_view_365d",
    CAST(COALESCE(SUM("click"), 0) AS DOUBLE PRECISION) AS "interactions_click_365d",
    CAST(COALESCE(SUM("apply"), 0) AS DOUBLE PRECISION) AS "interactions_apply_365d",
    CAST(COALESCE(SUM("hold"), 0) AS DOUBLE PRECISION) AS "interactions_hold_365d",
    CAST(COALESCE(SUM("close"), 0) AS DOUBLE PRECISION) AS "interactions_close_365d"
  FROM "t12326428"
  GROUP BY
    "row"
), "t25584181" AS (
  SELECT
    "row" AS "row",
    "products_held" AS "products_held",
    "interactions_view_365d" AS "interactions_view_365d",
    "interactions_click_365d" AS "interactions_click_365d",
    "interactions_apply_365d" AS "interactions_apply_365d",
    "interactions_hold_365d" AS "interactions_hold_365d",
    "interactions_close_365d" AS "interactions_close_365d"
  FROM "t35326110"
), "t33041872" AS (
  SELECT
    "row" AS "row",
    "products_held" AS "products_held",
    "interactions_view_365d" AS "interactions_view_365d",
    "interactions_click_365d" AS "interactions_click_365d",
    "interactions_apply_365d" AS "interactions_apply_365d",
    "interactions_hold_365d" AS "interactions_hold_365d",
    "interactions_close_365d" AS "interactions_close_365d"
  FROM "t25584181"
), "t33055771" AS (
  SELECT
    "t19985330"."row",
    "t19985330"."customer_id",
    "t19985330"."as_of",
    "t19985330"."amount",
    "t19985330"."term_months",
    "t19985330"."annual_rate",
    "t19985330"."instalment",
    "t19985330"."purpose",
    "t19985330"."grade",
    "t19985330"."age_years",
    "t19985330"."tenure_days",
    "t19985330"."annual_income",
    "t19985330"."region",
    "t19985330"."score",
    "t19985330"."earlier_loans_count",
    "t19985330"."earlier_defaults_count",
    "t19985330"."open_loans_count",
    "t19985330"."earlier_amount",
    "t33041872"."products_held",
    "t33041872"."interactions_view_365d",
    "t33041872"."interactions_click_365d",
    "t33041872"."interactions_apply_365d",
    "t33041872"."interactions_hold_365d",
    "t33041872"."interactions_close_365d"
  FROM "t19985330"
  LEFT OUTER JOIN "t33041872"
    ON "t19985330"."row" = "t33041872"."row"
), "t30290572" AS (
  SELECT
    "transaction_id",
    "customer_id",
    "at",
    "amount",
    "category",
    "channel",
    "balance_after",
    "loaded_at"
  FROM "transactions"
), "t26867487" AS (
  SELECT
    "customer_id" AS "customer_id",
    "category" AS "category",
    "channel" AS "channel",
    "transaction_id" AS "transaction_id",
    "loaded_at" AS "loaded_at",
    CAST("at" AS TIMESTAMP) AS "at",
    ROUND(CAST((
      CAST("amount" AS DOUBLE PRECISION) * 100.0
    ) AS DECIMAL), 0) AS "cents",
    (
      CAST((
        (
          (
            CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
          ) * 365
        ) + (
          (
            FLOOR(
              (
                (
                  (
                    CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
                  ) + 0.5
                ) * 0.25
              )
            ) - FLOOR(
              (
                (
                  (
                    CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
                  ) + 0.5
                ) * 0.01
              )
            )
          ) + FLOOR(
            (
              (
                (
                  CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS DOUBLE PRECISION) - 1
                ) + 0.5
              ) * 0.0025
            )
          )
        )
      ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST("at" AS DATE)) AS BIGINT)
    ) AS "day",
    (
      (
        CAST(EXTRACT(year FROM CAST("at" AS DATE)) AS BIGINT) * 12
      ) + CAST(EXTRACT(month FROM CAST("at" AS DATE)) AS BIGINT)
    ) AS "month",
    ROUND(CAST((
      CAST("balance_after" AS DOUBLE PRECISION) * 100.0
    ) AS DECIMAL), 0) AS "balance",
    LENGTH("transaction_id") AS "id_length"
  FROM "t30290572"
), "t22633182" AS (
  SELECT
    "row" AS "row",
    "customer_id" AS "customer_id",
    "as_of" AS "as_of",
    (
      CAST((
        (
          (
            CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
          ) * 365
        ) + (
          (
            FLOOR(
              (
                (
                  (
                    CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                  ) + 0.5
                ) * 0.25
              )
            ) - FLOOR(
              (
                (
                  (
                    CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                  ) + 0.5
                ) * 0.01
              )
            )
          ) + FLOOR(
            (
              (
                (
                  CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS DOUBLE PRECISION) - 1
                ) + 0.5
              ) * 0.0025
            )
          )
        )
      ) AS BIGINT) + CAST(EXTRACT(doy FROM CAST("as_of" AS DATE)) AS BIGINT)
    ) AS "as_of_day",
    (
      (
        CAST(EXTRACT(year FROM CAST("as_of" AS DATE)) AS BIGINT) * 12
      ) + CAST(EXTRACT(month FROM CAST("as_of" AS DATE)) AS BIGINT)
    ) AS "as_of_month"
  FROM "t13830978"
  WHERE
    NOT (
      "as_of" IS NULL
    )
), "t30548035" AS (
  SELECT
    "customer_id" AS "customer_id",
    "row" AS "row",
    "as_of" AS "as_of",
    "as_of_day" AS "as_of_day",
    "as_of_month" AS "as_of_month"
  FROM "t22633182"
), "t16604517" AS (
  SELECT
    "t26867487"."customer_id",
    "t26867487"."category",
    "t26867487"."channel",
    "t26867487"."transaction_id",
    "t26867487"."loaded_at",
    "t26867487"."at",
    "t26867487"."cents",
    "t26867487"."day",
    "t26867487"."month",
    "t26867487"."balance",
    "t26867487"."id_length",
    "t30548035"."row",
    "t30548035"."as_of",
    "t30548035"."as_of_day",
    "t30548035"."as_of_month"
  FROM "t26867487"
  INNER JOIN "t30548035"
    ON "t26867487"."customer_id" = "t30548035"."customer_id"
), "t18782363" AS (
  SELECT
    "customer_id",
    "category",
    "channel",
    "transaction_id",
    "loaded_at",
    "at",
    "cents",
    "day",
    "month",
    "balance",
    "id_length",
    "row",
    "as_of",
    "as_of_day",
    "as_of_month",
    ABS("cents") AS "size",
    (
      "as_of_day" - "day"
    ) AS "days",
    (
      "as_of_month" - "month"
    ) AS "months",
    1 AS "one"
  FROM "t16604517"
  WHERE
    CAST("at" AS TIMESTAMP) < "as_of" AND CAST("loaded_at" AS TIMESTAMP) <= "as_of"
), "t16849808" AS (
  SELECT
    "customer_id",
    "category",
    "channel",
    "transaction_id",
    "loaded_at",
    "at",
    "cents",
    "day",
    "month",
    "balance",
    "id_length",
    "row",
    "as_of",
    "as_of_day",
    "as_of_month",
    "size",
    "days",
    "months",
    "one",
    "days" <= 30 AS "in_30d",
    "days" <= 90 AS "in_90d",
    "days" <= 365 AS "in_365d",
    CASE
      WHEN NOT "one" IS NULL
      THEN SUM("one") OVER (
        PARTITION BY "row"
        ORDER BY "at" DESC NULLS LAST, "id_length" DESC NULLS LAST, "transaction_id" DESC NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS "nth"
  FROM "t18782363"
), "t75954894" AS (
  SELECT
    "customer_id",
    "category",
    "channel",
    "transaction_id",
    "loaded_at",
    "at",
    "cents",
    "day",
    "month",
    "balance",
    "id_length",
    "row",
    "as_of",
    "as_of_day",
    "as_of_month",
    "size",
    "days",
    "months",
    "one",
    "in_30d",
    "in_90d",
    "in_365d",
    "nth"
  FROM "t16849808"
), "t27556299" AS (
  SELECT
    "row",
    COALESCE(SUM(CASE WHEN "in_30d" THEN "one" END), 0) AS "count_30d",
    COALESCE(SUM(CASE WHEN "in_30d" THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "in_30d",
    COALESCE(SUM(CASE WHEN "in_30d" THEN CASE WHEN "cents" < 0 THEN "size" END END), 0) AS "out_30d",
    COALESCE(SUM(CASE WHEN "in_30d" THEN (
      "size" * "size"
    ) END), 0) AS "squares_30d",
    MAX(CASE WHEN "in_30d" THEN "size" END) AS "largest_30d",
    COALESCE(SUM(CASE WHEN "in_90d" THEN "one" END), 0) AS "count_90d",
    COALESCE(SUM(CASE WHEN "in_90d" THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "in_90d",
    COALESCE(SUM(CASE WHEN "in_90d" THEN CASE WHEN "cents" < 0 THEN "size" END END), 0) AS "out_90d",
    COALESCE(SUM(CASE WHEN "in_90d" THEN (
      "size" * "size"
    ) END), 0) AS "squares_90d",
    MAX(CASE WHEN "in_90d" THEN "size" END) AS "largest_90d",
    COALESCE(SUM(CASE WHEN "in_365d" THEN "one" END), 0) AS "count_365d",
    COALESCE(SUM(CASE WHEN "in_365d" THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "in_365d",
    COALESCE(SUM(CASE WHEN "in_365d" THEN CASE WHEN "cents" < 0 THEN "size" END END), 0) AS "out_365d",
    COALESCE(SUM(CASE WHEN "in_365d" THEN (
      "size" * "size"
    ) END), 0) AS "squares_365d",
    MAX(CASE WHEN "in_365d" THEN "size" END) AS "largest_365d",
    COALESCE(SUM("one"), 0) AS "count_all",
    COALESCE(SUM(CASE WHEN "cents" > 0 THEN "cents" END), 0) AS "in_all",
    COALESCE(SUM(CASE WHEN "cents" < 0 THEN "size" END), 0) AS "out_all",
    COALESCE(SUM((
      "size" * "size"
    )), 0) AS "squares_all",
    MAX("size") AS "largest_all",
    MIN("days") AS "recency",
    MAX("days") AS "history",
    MAX("months") AS "history_months",
    (
      COUNT(DISTINCT "month") + MAX(CASE WHEN "month" IS NULL THEN 1 ELSE 0 END)
    ) AS "active_all",
    (
      COUNT(DISTINCT CASE WHEN "in_365d" THEN "month" END) + MAX(CASE WHEN CASE WHEN "in_365d" THEN "month" END IS NULL THEN 1 ELSE 0 END)
    ) AS "active_365d",
    COALESCE(SUM(CASE WHEN "nth" <= 5 THEN "size" END), 0) AS "size_last",
    COALESCE(SUM(CASE WHEN "nth" <= 5 THEN "one" END), 0) AS "count_last",
    MAX(CASE WHEN "nth" <= 5 THEN "days" END) AS "days_last",
    COALESCE(SUM(CASE WHEN "months" = 1 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_1",
    COALESCE(SUM(CASE WHEN "months" = 2 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_2",
    COALESCE(SUM(CASE WHEN "months" = 3 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_3",
    COALESCE(SUM(CASE WHEN "months" = 4 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_4",
    COALESCE(SUM(CASE WHEN "months" = 5 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_5",
    COALESCE(SUM(CASE WHEN "months" = 6 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_6",
    COALESCE(SUM(CASE WHEN "months" = 7 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_7",
    COALESCE(SUM(CASE WHEN "months" = 8 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_8",
    COALESCE(SUM(CASE WHEN "months" = 9 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_9",
    COALESCE(SUM(CASE WHEN "months" = 10 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_10",
    COALESCE(SUM(CASE WHEN "months" = 11 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_11",
    COALESCE(SUM(CASE WHEN "months" = 12 THEN CASE WHEN "cents" > 0 THEN "cents" END END), 0) AS "income_12",
    COALESCE(
      SUM(
        CASE
          WHEN CASE WHEN "channel" IS NULL THEN NULL ELSE "channel" IN ('card') END
          THEN CASE WHEN "in_365d" THEN CASE WHEN "cents" < 0 THEN "size" END END
        END
      ),
      0
    ) AS "spent_share_channel_card_365d",
    COALESCE(
      SUM(
        CASE
          WHEN CASE WHEN "category" IS NULL THEN NULL ELSE "category" IN ('food') END
          THEN CASE WHEN "in_365d" THEN CASE WHEN "cents" < 0 THEN "size" END END
        END
      ),
      0
    ) AS "spent_share_category_food_365d",
    COALESCE(
      SUM(
        CASE
          WHEN CASE WHEN "category" IS NULL THEN NULL ELSE "category" IN ('rent') END
          THEN CASE WHEN "in_365d" THEN CASE WHEN "cents" < 0 THEN "size" END END
        END
      ),
      0
    ) AS "spent_share_category_rent_365d",
    MAX(CASE WHEN "nth" = 1 THEN "balance" END) AS "balance_at_last",
    COUNT(CASE WHEN "in_90d" THEN "balance" END) AS "balances_90d",
    COALESCE(SUM(CASE WHEN "in_90d" THEN "balance" END), 0) AS "balance_sum_90d",
    MIN(CASE WHEN "in_90d" THEN "balance" END) AS "balance_low_90d",
    COALESCE(
      SUM(
        CASE
          WHEN "in_90d"
          THEN CASE WHEN NOT (
            "balance" IS NULL
          ) THEN CAST("days" AS DOUBLE PRECISION) END
        END
      ),
      0
    ) AS "day_sum_90d",
    COALESCE(
      SUM(
        CASE
          WHEN "in_90d"
          THEN (
            CASE WHEN NOT (
              "balance" IS NULL
            ) THEN CAST("days" AS DOUBLE PRECISION) END * CASE WHEN NOT (
              "balance" IS NULL
            ) THEN CAST("days" AS DOUBLE PRECISION) END
          )
        END
      ),
      0
    ) AS "day_squares_90d",
    COALESCE(
      SUM(
        CASE
          WHEN "in_90d"
          THEN (
            CASE WHEN NOT (
              "balance" IS NULL
            ) THEN CAST("days" AS DOUBLE PRECISION) END * "balance"
          )
        END
      ),
      0
    ) AS "day_balance_90d",
    (
      COUNT(DISTINCT CASE WHEN "in_90d" THEN CASE WHEN "balance" < 0 THEN "days" END END) + MAX(
        CASE
          WHEN CASE WHEN "in_90d" THEN CASE WHEN "balance" < 0 THEN "days" END END IS NULL
          THEN 1
          ELSE 0
        END
      )
    ) AS "below_90d",
    COUNT(CASE WHEN "in_90d" THEN CASE WHEN "balance" < 0 THEN "days" END END) AS "bookings_below_90d",
    COUNT(CASE WHEN "in_365d" THEN "balance" END) AS "balances_365d",
    COALESCE(SUM(CASE WHEN "in_365d" THEN "balance" END), 0) AS "balance_sum_365d",
    MIN(CASE WHEN "in_365d" THEN "balance" END) AS "balance_low_365d",
    COALESCE(
      SUM(
        CASE
          WHEN "in_365d"
          THEN CASE WHEN NOT (
            "balance" IS NULL
          ) THEN CAST("days" AS DOUBLE PRECISION) END
        END
      ),
      0
    ) AS "day_sum_365d",
    COALESCE(
      SUM(
        CASE
          WHEN "in_365d"
          THEN (
            CASE WHEN NOT (
              "balance" IS NULL
            ) THEN CAST("days" AS DOUBLE PRECISION) END * CASE WHEN NOT (
              "balance" IS NULL
            ) THEN CAST("days" AS DOUBLE PRECISION) END
          )
        END
      ),
      0
    ) AS "day_squares_365d",
    COALESCE(
      SUM(
        CASE
          WHEN "in_365d"
          THEN (
            CASE WHEN NOT (
              "balance" IS NULL
            ) THEN CAST("days" AS DOUBLE PRECISION) END * "balance"
          )
        END
      ),
      0
    ) AS "day_balance_365d",
    (
      COUNT(DISTINCT CASE WHEN "in_365d" THEN CASE WHEN "balance" < 0 THEN "days" END END) + MAX(
        CASE
          WHEN CASE WHEN "in_365d" THEN CASE WHEN "balance" < 0 THEN "days" END END IS NULL
          THEN 1
          ELSE 0
        END
      )
    ) AS "below_365d",
    COUNT(CASE WHEN "in_365d" THEN CASE WHEN "balance" < 0 THEN "days" END END) AS "bookings_below_365d"
  FROM "t75954894"
  GROUP BY
    "row"
), "t35567189" AS (
  SELECT
    "row" AS "row",
    "count_30d" AS "count_30d",
    "in_30d" AS "in_30d",
    "out_30d" AS "out_30d",
    "squares_30d" AS "squares_30d",
    "largest_30d" AS "largest_30d",
    "count_90d" AS "count_90d",
    "in_90d" AS "in_90d",
    "out_90d" AS "out_90d",
    "squares_90d" AS "squares_90d",
    "largest_90d" AS "largest_90d",
    "count_365d" AS "count_365d",
    "in_365d" AS "in_365d",
    "out_365d" AS "out_365d",
    "squares_365d" AS "squares_365d",
    "largest_365d" AS "largest_365d",
    "count_all" AS "count_all",
    "in_all" AS "in_all",
    "out_all" AS "out_all",
    "squares_all" AS "squares_all",
    "largest_all" AS "largest_all",
    "recency" AS "recency",
    "history" AS "history",
    "history_months" AS "history_months",
    "active_all" AS "active_all",
    "active_365d" AS "active_365d",
    "size_last" AS "size_last",
    "count_last" AS "count_last",
    "days_last" AS "days_last",
    "income_1" AS "income_1",
    "income_2" AS "income_2",
    "income_3" AS "income_3",
    "income_4" AS "income_4",
    "income_5" AS "income_5",
    "income_6" AS "income_6",
    "income_7" AS "income_7",
    "income_8" AS "income_8",
    "income_9" AS "income_9",
    "income_10" AS "income_10",
    "income_11" AS "income_11",
    "income_12" AS "income_12",
    "spent_share_channel_card_365d" AS "spent_share_channel_card_365d",
    "spent_share_category_food_365d" AS "spent_share_category_food_365d",
    "spent_share_category_rent_365d" AS "spent_share_category_rent_365d",
    "balance_at_last" AS "balance_at_last",
    "balances_90d" AS "balances_90d",
    "balance_sum_90d" AS "balance_sum_90d",
    "balance_low_90d" AS "balance_low_90d",
    "day_sum_90d" AS "day_sum_90d",
    "day_squares_90d" AS "day_squares_90d",
    "day_balance_90d" AS "day_balance_90d",
    "below_90d" AS "below_90d",
    "bookings_below_90d" AS "bookings_below_90d",
    "balances_365d" AS "balances_365d",
    "balance_sum_365d" AS "balance_sum_365d",
    "balance_low_365d" AS "balance_low_365d",
    "day_sum_365d" AS "day_sum_365d",
    "day_squares_365d" AS "day_squares_365d",
    "day_balance_365d" AS "day_balance_365d",
    "below_365d" AS "below_365d",
    "bookings_below_365d" AS "bookings_below_365d"
  FROM "t27556299"
), "t58823745" AS (
  SELECT
    "row",
    "count_30d",
    "in_30d",
    "out_30d",
    "squares_30d",
    "largest_30d",
    "count_90d",
    "in_90d",
    "out_90d",
    "squares_90d",
    "largest_90d",
    "count_365d",
    "in_365d",
    "out_365d",
    "squares_365d",
    "largest_365d",
    "count_all",
    "in_all",
    "out_all",
    "squares_all",
    "largest_all",
    "recency",
    "history",
    "history_months",
    "active_all",
    "active_365d",
    "size_last",
    "count_last",
    "days_last",
    "income_1",
    "income_2",
    "income_3",
    "income_4",
    "income_5",
    "income_6",
    "income_7",
    "income_8",
    "income_9",
    "income_10",
    "income_11",
    "income_12",
    "spent_share_channel_card_365d",
    "spent_share_category_food_365d",
    "spent_share_category_rent_365d",
    "balance_at_last",
    "balances_90d",
    "balance_sum_90d",
    "balance_low_90d",
    "day_sum_90d",
    "day_squares_90d",
    "day_balance_90d",
    "below_90d",
    "bookings_below_90d",
    "balances_365d",
    "balance_sum_365d",
    "balance_low_365d",
    "day_sum_365d",
    "day_squares_365d",
    "day_balance_365d",
    "below_365d",
    "bookings_below_365d",
    CAST("history" AS DOUBLE PRECISION) AS "history_days",
    GREATEST((
      LEAST(CAST("history" AS DOUBLE PRECISION), 365.0) * 0.03287671232876712
    ), 1.0) AS "months_of_year",
    LEAST(CAST("history_months" AS DOUBLE PRECISION), 12.0) AS "full_months",
    (
      (
        (
          (
            (
              (
                (
                  (
                    (
                      (
                        (
                          COALESCE("income_1", 0) + COALESCE("income_2", 0)
                        ) + COALESCE("income_3", 0)
                      ) + COALESCE("income_4", 0)
                    ) + COALESCE("income_5", 0)
                  ) + COALESCE("income_6", 0)
                ) + COALESCE("income_7", 0)
              ) + COALESCE("income_8", 0)
            ) + COALESCE("income_9", 0)
          ) + COALESCE("income_10", 0)
        ) + COALESCE("income_11", 0)
      ) + COALESCE("income_12", 0)
    ) AS "income_total",
    CAST("active_all" AS DOUBLE PRECISION) AS "months_active_all",
    (
      CAST("active_365d" AS DOUBLE PRECISION) - CASE WHEN "count_365d" < "count_all" THEN 1 ELSE 0 END
    ) AS "months_active_365d"
  FROM "t35567189"
), "t38918335" AS (
  SELECT
    "row",
    "count_30d",
    "in_30d",
    "out_30d",
    "squares_30d",
    "largest_30d",
    "count_90d",
    "in_90d",
    "out_90d",
    "squares_90d",
    "largest_90d",
    "count_365d",
    "in_365d",
    "out_365d",
    "squares_365d",
    "largest_365d",
    "count_all",
    "in_all",
    "out_all",
    "squares_all",
    "largest_all",
    "recency",
    "history",
    "history_months",
    "active_all",
    "active_365d",
    "size_last",
    "count_last",
    "days_last",
    "income_1",
    "income_2",
    "income_3",
    "income_4",
    "income_5",
    "income_6",
    "income_7",
    "income_8",
    "income_9",
    "income_10",
    "income_11",
    "income_12",
    "spent_share_channel_card_365d",
    "spent_share_category_food_365d",
    "spent_share_category_rent_365d",
    "balance_at_last",
    "balances_90d",
    "balance_sum_90d",
    "balance_low_90d",
    "day_sum_90d",
    "day_squares_90d",
    "day_balance_90d",
    "below_90d",
    "bookings_below_90d",
    "balances_365d",
    "balance_sum_365d",
    "balance_low_365d",
    "day_sum_365d",
    "day_squares_365d",
    "day_balance_365d",
    "below_365d",
    "bookings_below_365d",
    "history_days",
    "months_of_year",
    "full_months",
    "income_total",
    "months_active_all",
    "months_active_365d",
    CAST((
      "in_30d" + "out_30d"
    ) AS DOUBLE PRECISION) AS "ticket_mean_30d_top",
    CAST((
      CAST("count_30d" AS DOUBLE PRECISION) * 100.0
    ) AS DOUBLE PRECISION) AS "ticket_mean_30d_bottom",
    CAST(GREATEST(
      (
        (
          CAST("count_30d" AS DOUBLE PRECISION) * "squares_30d"
        ) - (
          (
            "in_30d" + "out_30d"
          ) * (
            "in_30d" + "out_30d"
          )
        )
      ),
      0.0
    ) AS DOUBLE PRECISION) AS "ticket_std_30d_top",
    CAST((
      (
        CAST("count_30d" AS DOUBLE PRECISION) * (
          CAST("count_30d" AS DOUBLE PRECISION) - 1
        )
      ) * 10000.0
    ) AS DOUBLE PRECISION) AS "ticket_std_30d_bottom",
    CAST((
      "in_90d" + "out_90d"
    ) AS DOUBLE PRECISION) AS "ticket_mean_90d_top",
    CAST((
      CAST("count_90d" AS DOUBLE PRECISION) * 100.0
    ) AS DOUBLE PRECISION) AS "ticket_mean_90d_bottom",
    CAST(GREATEST(
      (
        (
          CAST("count_90d" AS DOUBLE PRECISION) * "squares_90d"
        ) - (
          (
            "in_90d" + "out_90d"
          ) * (
            "in_90d" + "out_90d"
          )
        )
      ),
      0.0
    ) AS DOUBLE PRECISION) AS "ticket_std_90d_top",
    CAST((
      (
        CAST("count_90d" AS DOUBLE PRECISION) * (
          CAST("count_90d" AS DOUBLE PRECISION) - 1
        )
      ) * 10000.0
    ) AS DOUBLE PRECISION) AS "ticket_std_90d_bottom",
    CAST((
      "in_365d" + "out_365d"
    ) AS DOUBLE PRECISION) AS "ticket_mean_365d_top",
    CAST((
      CAST("count_365d" AS DOUBLE PRECISION) * 100.0
    ) AS DOUBLE PRECISION) AS "ticket_mean_365d_bottom",
    CAST(GREATEST(
      (
        (
          CAST("count_365d" AS DOUBLE PRECISION) * "squares_365d"
        ) - (
          (
            "in_365d" + "out_365d"
          ) * (
            "in_365d" + "out_365d"
          )
        )
      ),
      0.0
    ) AS DOUBLE PRECISION) AS "ticket_std_365d_top",
    CAST((
      (
        CAST("count_365d" AS DOUBLE PRECISION) * (
          CAST("count_365d" AS DOUBLE PRECISION) - 1
        )
      ) * 10000.0
    ) AS DOUBLE PRECISION) AS "ticket_std_365d_bottom",
    CAST((
      "in_all" + "out_all"
    ) AS DOUBLE PRECISION) AS "ticket_mean_all_top",
    CAST((
      CAST("count_all" AS DOUBLE PRECISION) * 100.0
    ) AS DOUBLE PRECISION) AS "ticket_mean_all_bottom",
    CAST(GREATEST(
      (
        (
          CAST("count_all" AS DOUBLE PRECISION) * "squares_all"
        ) - (
          (
            "in_all" + "out_all"
          ) * (
            "in_all" + "out_all"
          )
        )
      ),
      0.0
    ) AS DOUBLE PRECISION) AS "ticket_std_all_top",
    CAST((
      (
        CAST("count_all" AS DOUBLE PRECISION) * (
          CAST("count_all" AS DOUBLE PRECISION) - 1
        )
      ) * 10000.0
    ) AS DOUBLE PRECISION) AS "ticket_std_all_bottom",
    CAST((
      "count_30d" * LEAST("history_days", 365.0)
    ) AS DOUBLE PRECISION) AS "count_ratio_30d_365d_top",
    CAST((
      "count_365d" * LEAST("history_days", 30.0)
    ) AS DOUBLE PRECISION) AS "count_ratio_30d_365d_bottom",
    CAST((
      "in_30d" * LEAST("history_days", 365.0)
    ) AS DOUBLE PRECISION) AS "money_in_ratio_30d_365d_top",
    CAST((
      "in_365d" * LEAST("history_days", 30.0)
    ) AS DOUBLE PRECISION) AS "money_in_ratio_30d_365d_bottom",
    CAST((
      "out_30d" * LEAST("history_days", 365.0)
    ) AS DOUBLE PRECISION) AS "money_out_ratio_30d_365d_top",
    CAST((
      "out_365d" * LEAST("history_days", 30.0)
    ) AS DOUBLE PRECISION) AS "money_out_ratio_30d_365d_bottom",
    CAST((
      "count_90d" * LEAST("history_days", 365.0)
    ) AS DOUBLE PRECISION) AS "count_ratio_90d_365d_top",
    CAST((
      "count_365d" * LEAST("history_days", 90.0)
    ) AS DOUBLE PRECISION) AS "count_ratio_90d_365d_bottom",
    CAST((
      "in_90d" * LEAST("history_days", 365.0)
    ) AS DOUBLE PRECISION) AS "money_in_ratio_90d_365d_top",
    CAST((
      "in_365d" * LEAST("history_days", 90.0)
    ) AS DOUBLE PRECISION) AS "money_in_ratio_90d_365d_bottom",
    CAST((
      "out_90d" * LEAST("history_days", 365.0)
    ) AS DOUBLE PRECISION) AS "money_out_ratio_90d_365d_top",
    CAST((
      "out_365d" * LEAST("history_days", 90.0)
    ) AS DOUBLE PRECISION) AS "money_out_ratio_90d_365d_bottom",
    CAST("out_365d" AS DOUBLE PRECISION) AS "money_out_to_in_365d_top",
    CAST("in_365d" AS DOUBLE PRECISION) AS "money_out_to_in_365d_bottom",
    CAST("count_365d" AS DOUBLE PRECISION) AS "transactions_per_active_month_365d_top",
    CAST("months_active_365d" AS DOUBLE PRECISION) AS "transactions_per_active_month_365d_bottom",
    CAST("count_all" AS DOUBLE PRECISION) AS "transactions_per_active_month_all_top",
    CAST("months_active_all" AS DOUBLE PRECISION) AS "transactions_per_active_month_all_bottom",
    CAST("in_365d" AS DOUBLE PRECISION) AS "monthly_inflow_365d_top",
    CAST((
      "months_of_year" * 100.0
    ) AS DOUBLE PRECISION) AS "monthly_inflow_365d_bottom",
    CAST("out_365d" AS DOUBLE PRECISION) AS "monthly_outflow_365d_top",
    CAST((
      "months_of_year" * 100.0
    ) AS DOUBLE PRECISION) AS "monthly_outflow_365d_bottom",
    CAST("size_last" AS DOUBLE PRECISION) AS "ticket_mean_last5_top",
    CAST((
      "count_last" * 100.0
    ) AS DOUBLE PRECISION) AS "ticket_mean_last5_bottom",
    CAST((
      (
        (
          (
            (
              (
                (
                  (
                    (
                      (
                        (
                          COALESCE(CASE WHEN "income_1" > 0 THEN 1 ELSE 0 END, 0) + COALESCE(CASE WHEN "income_2" > 0 THEN 1 ELSE 0 END, 0)
                        ) + COALESCE(CASE WHEN "income_3" > 0 THEN 1 ELSE 0 END, 0)
                      ) + COALESCE(CASE WHEN "income_4" > 0 THEN 1 ELSE 0 END, 0)
                    ) + COALESCE(CASE WHEN "income_5" > 0 THEN 1 ELSE 0 END, 0)
                  ) + COALESCE(CASE WHEN "income_6" > 0 THEN 1 ELSE 0 END, 0)
                ) + COALESCE(CASE WHEN "income_7" > 0 THEN 1 ELSE 0 END, 0)
              ) + COALESCE(CASE WHEN "income_8" > 0 THEN 1 ELSE 0 END, 0)
            ) + COALESCE(CASE WHEN "income_9" > 0 THEN 1 ELSE 0 END, 0)
          ) + COALESCE(CASE WHEN "income_10" > 0 THEN 1 ELSE 0 END, 0)
        ) + COALESCE(CASE WHEN "income_11" > 0 THEN 1 ELSE 0 END, 0)
      ) + COALESCE(CASE WHEN "income_12" > 0 THEN 1 ELSE 0 END, 0)
    ) AS DOUBLE PRECISION) AS "income_regularity_365d_top",
    CAST("full_months" AS DOUBLE PRECISION) AS "income_regularity_365d_bottom",
    CAST((
      (
        (
          (
            (
              (
                (
                  (
                    (
                      (
                        (
                          COALESCE(
                            CASE
                              WHEN "full_months" >= 1
                              THEN (
                                (
                                  (
                                    "full_months" * "income_1"
                                  ) - "income_total"
                                ) * (
                                  (
                                    "full_months" * "income_1"
                                  ) - "income_total"
                                )
                              )
                              ELSE 0.0
                            END,
                            0
                          ) + COALESCE(
                            CASE
                              WHEN "full_months" >= 2
                              THEN (
                                (
                                  (
                                    "full_months" * "income_2"
                                  ) - "income_total"
                                ) * (
                                  (
                                    "full_months" * "income_2"
                                  ) - "income_total"
                                )
                              )
                              ELSE 0.0
                            END,
                            0
                          )
                        ) + COALESCE(
                          CASE
                            WHEN "full_months" >= 3
                            THEN (
                              (
                                (
                                  "full_months" * "income_3"
                                ) - "income_total"
                              ) * (
                                (
                                  "full_months" * "income_3"
                                ) - "income_total"
                              )
                            )
                            ELSE 0.0
                          END,
                          0
                        )
                      ) + COALESCE(
                        CASE
                          WHEN "full_months" >= 4
                          THEN (
                            (
                              (
                                "full_months" * "income_4"
                              ) - "income_total"
                            ) * (
                              (
                                "full_months" * "income_4"
                              ) - "income_total"
                            )
                          )
                          ELSE 0.0
                        END,
                        0
                      )
                    ) + COALESCE(
                      CASE
                        WHEN "full_months" >= 5
                        THEN (
                          (
                            (
                              "full_months" * "income_5"
                            ) - "income_total"
                          ) * (
                            (
                              "full_months" * "income_5"
                            ) - "income_total"
                          )
                        )
                        ELSE 0.0
                      END,
                      0
                    )
                  ) + COALESCE(
                    CASE
                      WHEN "full_months" >= 6
                      THEN (
                        (
                          (
                            "full_months" * "income_6"
                          ) - "income_total"
                        ) * (
                          (
                            "full_months" * "income_6"
                          ) - "income_total"
                        )
                      )
                      ELSE 0.0
                    END,
                    0
                  )
                ) + COALESCE(
                  CASE
                    WHEN "full_months" >= 7
                    THEN (
                      (
                        (
                          "full_months" * "income_7"
                        ) - "income_total"
                      ) * (
                        (
                          "full_months" * "income_7"
                        ) - "income_total"
                      )
                    )
                    ELSE 0.0
                  END,
                  0
                )
              ) + COALESCE(
                CASE
                  WHEN "full_months" >= 8
                  THEN (
                    (
                      (
                        "full_months" * "income_8"
                      ) - "income_total"
                    ) * (
                      (
                        "full_months" * "income_8"
                      ) - "income_total"
                    )
                  )
                  ELSE 0.0
                END,
                0
              )
            ) + COALESCE(
              CASE
                WHEN "full_months" >= 9
                THEN (
                  (
                    (
                      "full_months" * "income_9"
                    ) - "income_total"
                  ) * (
                    (
                      "full_months" * "income_9"
                    ) - "income_total"
                  )
                )
                ELSE 0.0
              END,
              0
            )
          ) + COALESCE(
            CASE
              WHEN "full_months" >= 10
              THEN (
                (
                  (
                    "full_months" * "income_10"
                  ) - "income_total"
                ) * (
                  (
                    "full_months" * "income_10"
                  ) - "income_total"
                )
              )
              ELSE 0.0
            END,
            0
          )
        ) + COALESCE(
          CASE
            WHEN "full_months" >= 11
            THEN (
              (
                (
                  "full_months" * "income_11"
                ) - "income_total"
              ) * (
                (
                  "full_months" * "income_11"
                ) - "income_total"
              )
            )
            ELSE 0.0
          END,
          0
        )
      ) + COALESCE(
        CASE
          WHEN "full_months" >= 12
          THEN (
            (
              (
                "full_months" * "income_12"
              ) - "income_total"
            ) * (
              (
                "full_months" * "income_12"
              ) - "income_total"
            )
          )
          ELSE 0.0
        END,
        0
      )
    ) AS DOUBLE PRECISION) AS "income_variation_365d_top",
    CAST((
      (
        (
          "full_months" - 1
        ) * "income_total"
      ) * "income_total"
    ) AS DOUBLE PRECISION) AS "income_variation_365d_bottom",
    CAST("spent_share_channel_card_365d" AS DOUBLE PRECISION) AS "share_channel_card_365d_top",
    CAST("out_365d" AS DOUBLE PRECISION) AS "share_channel_card_365d_bottom",
    CAST("spent_share_category_food_365d" AS DOUBLE PRECISION) AS "share_category_food_365d_top",
    CAST("out_365d" AS DOUBLE PRECISION) AS "share_category_food_365d_bottom",
    CAST("spent_share_category_rent_365d" AS DOUBLE PRECISION) AS "share_category_rent_365d_top",
    CAST("out_365d" AS DOUBLE PRECISION) AS "share_category_rent_365d_bottom",
    CAST("balance_sum_90d" AS DOUBLE PRECISION) AS "balance_mean_90d_top",
    CAST((
      CAST("balances_90d" AS DOUBLE PRECISION) * 100.0
    ) AS DOUBLE PRECISION) AS "balance_mean_90d_bottom",
    CAST((
      (
        (
          "day_sum_90d" * "balance_sum_90d"
        ) - (
          CAST("balances_90d" AS DOUBLE PRECISION) * "day_balance_90d"
        )
      ) * 30.0
    ) AS DOUBLE PRECISION) AS "balance_trend_90d_top",
    CAST((
      (
        (
          CAST("balances_90d" AS DOUBLE PRECISION) * "day_squares_90d"
        ) - (
          "day_sum_90d" * "day_sum_90d"
        )
      ) * 100.0
    ) AS DOUBLE PRECISION) AS "balance_trend_90d_bottom",
    CAST("balance_sum_365d" AS DOUBLE PRECISION) AS "balance_mean_365d_top",
    CAST((
      CAST("balances_365d" AS DOUBLE PRECISION) * 100.0
    ) AS DOUBLE PRECISION) AS "balance_mean_365d_bottom",
    CAST((
      (
        (
          "day_sum_365d" * "balance_sum_365d"
        ) - (
          CAST("balances_365d" AS DOUBLE PRECISION) * "day_balance_365d"
        )
      ) * 30.0
    ) AS DOUBLE PRECISION) AS "balance_trend_365d_top",
    CAST((
      (
        (
          CAST("balances_365d" AS DOUBLE PRECISION) * "day_squares_365d"
        ) - (
          "day_sum_365d" * "day_sum_365d"
        )
      ) * 100.0
    ) AS DOUBLE PRECISION) AS "balance_trend_365d_bottom"
  FROM "t58823745"
), "t34071632" AS (
  SELECT
    "row" AS "row",
    CAST("count_30d" AS DOUBLE PRECISION) AS "transactions_count_30d",
    ROUND(CAST((
      "in_30d" * 0.01
    ) AS DECIMAL), 2) AS "money_in_30d",
    ROUND(CAST((
      "out_30d" * 0.01
    ) AS DECIMAL), 2) AS "money_out_30d",
    CASE
      WHEN "ticket_mean_30d_bottom" <> 0
      THEN CASE
        WHEN "ticket_mean_30d_bottom" <> 0
        THEN CASE
          WHEN "ticket_mean_30d_bottom" <> 0
          THEN CAST("ticket_mean_30d_top" AS DOUBLE PRECISION) / "ticket_mean_30d_bottom"
          ELSE NULL
        END
        WHEN "ticket_mean_30d_bottom" = 0
        THEN CASE
          WHEN "ticket_mean_30d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "ticket_mean_30d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "ticket_mean_30d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "ticket_mean_30d",
    ROUND(
      CAST(CASE
        WHEN CASE
          WHEN "ticket_std_30d_bottom" <> 0
          THEN CASE
            WHEN "ticket_std_30d_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_30d_bottom" <> 0
              THEN CAST("ticket_std_30d_top" AS DOUBLE PRECISION) / "ticket_std_30d_bottom"
              ELSE NULL
            END
            WHEN "ticket_std_30d_bottom" = 0
            THEN CASE
              WHEN "ticket_std_30d_top" = 0
              THEN CAST('NaN' AS REAL)
              WHEN "ticket_std_30d_top" > 0
              THEN CAST('inf' AS REAL)
              WHEN "ticket_std_30d_top" < 0
              THEN CAST('-inf' AS REAL)
            END
          END
        END < 0
        THEN CAST('NaN' AS REAL)
        ELSE SQRT(
          CASE
            WHEN "ticket_std_30d_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_30d_bottom" <> 0
              THEN CASE
                WHEN "ticket_std_30d_bottom" <> 0
                THEN CAST("ticket_std_30d_top" AS DOUBLE PRECISION) / "ticket_std_30d_bottom"
                ELSE NULL
              END
              WHEN "ticket_std_30d_bottom" = 0
              THEN CASE
                WHEN "ticket_std_30d_top" = 0
                THEN CAST('NaN' AS REAL)
                WHEN "ticket_std_30d_top" > 0
                THEN CAST('inf' AS REAL)
                WHEN "ticket_std_30d_top" < 0
                THEN CAST('-inf' AS REAL)
              END
            END
          END
        )
      END AS DECIMAL),
      4
    ) AS "ticket_std_30d",
    ROUND(CAST((
      "largest_30d" * 0.01
    ) AS DECIMAL), 2) AS "ticket_max_30d",
    CAST("count_90d" AS DOUBLE PRECISION) AS "transactions_count_90d",
    ROUND(CAST((
      "in_90d" * 0.01
    ) AS DECIMAL), 2) AS "money_in_90d",
    ROUND(CAST((
      "out_90d" * 0.01
    ) AS DECIMAL), 2) AS "money_out_90d",
    CASE
      WHEN "ticket_mean_90d_bottom" <> 0
      THEN CASE
        WHEN "ticket_mean_90d_bottom" <> 0
        THEN CASE
          WHEN "ticket_mean_90d_bottom" <> 0
          THEN CAST("ticket_mean_90d_top" AS DOUBLE PRECISION) / "ticket_mean_90d_bottom"
          ELSE NULL
        END
        WHEN "ticket_mean_90d_bottom" = 0
        THEN CASE
          WHEN "ticket_mean_90d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "ticket_mean_90d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "ticket_mean_90d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "ticket_mean_90d",
    ROUND(
      CAST(CASE
        WHEN CASE
          WHEN "ticket_std_90d_bottom" <> 0
          THEN CASE
            WHEN "ticket_std_90d_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_90d_bottom" <> 0
              THEN CAST("ticket_std_90d_top" AS DOUBLE PRECISION) / "ticket_std_90d_bottom"
              ELSE NULL
            END
            WHEN "ticket_std_90d_bottom" = 0
            THEN CASE
              WHEN "ticket_std_90d_top" = 0
              THEN CAST('NaN' AS REAL)
              WHEN "ticket_std_90d_top" > 0
              THEN CAST('inf' AS REAL)
              WHEN "ticket_std_90d_top" < 0
              THEN CAST('-inf' AS REAL)
            END
          END
        END < 0
        THEN CAST('NaN' AS REAL)
        ELSE SQRT(
          CASE
            WHEN "ticket_std_90d_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_90d_bottom" <> 0
              THEN CASE
                WHEN "ticket_std_90d_bottom" <> 0
                THEN CAST("ticket_std_90d_top" AS DOUBLE PRECISION) / "ticket_std_90d_bottom"
                ELSE NULL
              END
              WHEN "ticket_std_90d_bottom" = 0
              THEN CASE
                WHEN "ticket_std_90d_top" = 0
                THEN CAST('NaN' AS REAL)
                WHEN "ticket_std_90d_top" > 0
                THEN CAST('inf' AS REAL)
                WHEN "ticket_std_90d_top" < 0
                THEN CAST('-inf' AS REAL)
              END
            END
          END
        )
      END AS DECIMAL),
      4
    ) AS "ticket_std_90d",
    ROUND(CAST((
      "largest_90d" * 0.01
    ) AS DECIMAL), 2) AS "ticket_max_90d",
    CAST("count_365d" AS DOUBLE PRECISION) AS "transactions_count_365d",
    ROUND(CAST((
      "in_365d" * 0.01
    ) AS DECIMAL), 2) AS "money_in_365d",
    ROUND(CAST((
      "out_365d" * 0.01
    ) AS DECIMAL), 2) AS "money_out_365d",
    CASE
      WHEN "ticket_mean_365d_bottom" <> 0
      THEN CASE
        WHEN "ticket_mean_365d_bottom" <> 0
        THEN CASE
          WHEN "ticket_mean_365d_bottom" <> 0
          THEN CAST("ticket_mean_365d_top" AS DOUBLE PRECISION) / "ticket_mean_365d_bottom"
          ELSE NULL
        END
        WHEN "ticket_mean_365d_bottom" = 0
        THEN CASE
          WHEN "ticket_mean_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "ticket_mean_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "ticket_mean_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "ticket_mean_365d",
    ROUND(
      CAST(CASE
        WHEN CASE
          WHEN "ticket_std_365d_bottom" <> 0
          THEN CASE
            WHEN "ticket_std_365d_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_365d_bottom" <> 0
              THEN CAST("ticket_std_365d_top" AS DOUBLE PRECISION) / "ticket_std_365d_bottom"
              ELSE NULL
            END
            WHEN "ticket_std_365d_bottom" = 0
            THEN CASE
              WHEN "ticket_std_365d_top" = 0
              THEN CAST('NaN' AS REAL)
              WHEN "ticket_std_365d_top" > 0
              THEN CAST('inf' AS REAL)
              WHEN "ticket_std_365d_top" < 0
              THEN CAST('-inf' AS REAL)
            END
          END
        END < 0
        THEN CAST('NaN' AS REAL)
        ELSE SQRT(
          CASE
            WHEN "ticket_std_365d_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_365d_bottom" <> 0
              THEN CASE
                WHEN "ticket_std_365d_bottom" <> 0
                THEN CAST("ticket_std_365d_top" AS DOUBLE PRECISION) / "ticket_std_365d_bottom"
                ELSE NULL
              END
              WHEN "ticket_std_365d_bottom" = 0
              THEN CASE
                WHEN "ticket_std_365d_top" = 0
                THEN CAST('NaN' AS REAL)
                WHEN "ticket_std_365d_top" > 0
                THEN CAST('inf' AS REAL)
                WHEN "ticket_std_365d_top" < 0
                THEN CAST('-inf' AS REAL)
              END
            END
          END
        )
      END AS DECIMAL),
      4
    ) AS "ticket_std_365d",
    ROUND(CAST((
      "largest_365d" * 0.01
    ) AS DECIMAL), 2) AS "ticket_max_365d",
    CAST("count_all" AS DOUBLE PRECISION) AS "transactions_count_all",
    ROUND(CAST((
      "in_all" * 0.01
    ) AS DECIMAL), 2) AS "money_in_all",
    ROUND(CAST((
      "out_all" * 0.01
    ) AS DECIMAL), 2) AS "money_out_all",
    CASE
      WHEN "ticket_mean_all_bottom" <> 0
      THEN CASE
        WHEN "ticket_mean_all_bottom" <> 0
        THEN CASE
          WHEN "ticket_mean_all_bottom" <> 0
          THEN CAST("ticket_mean_all_top" AS DOUBLE PRECISION) / "ticket_mean_all_bottom"
          ELSE NULL
        END
        WHEN "ticket_mean_all_bottom" = 0
        THEN CASE
          WHEN "ticket_mean_all_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "ticket_mean_all_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "ticket_mean_all_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "ticket_mean_all",
    ROUND(
      CAST(CASE
        WHEN CASE
          WHEN "ticket_std_all_bottom" <> 0
          THEN CASE
            WHEN "ticket_std_all_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_all_bottom" <> 0
              THEN CAST("ticket_std_all_top" AS DOUBLE PRECISION) / "ticket_std_all_bottom"
              ELSE NULL
            END
            WHEN "ticket_std_all_bottom" = 0
            THEN CASE
              WHEN "ticket_std_all_top" = 0
              THEN CAST('NaN' AS REAL)
              WHEN "ticket_std_all_top" > 0
              THEN CAST('inf' AS REAL)
              WHEN "ticket_std_all_top" < 0
              THEN CAST('-inf' AS REAL)
            END
          END
        END < 0
        THEN CAST('NaN' AS REAL)
        ELSE SQRT(
          CASE
            WHEN "ticket_std_all_bottom" <> 0
            THEN CASE
              WHEN "ticket_std_all_bottom" <> 0
              THEN CASE
                WHEN "ticket_std_all_bottom" <> 0
                THEN CAST("ticket_std_all_top" AS DOUBLE PRECISION) / "ticket_std_all_bottom"
                ELSE NULL
              END
              WHEN "ticket_std_all_bottom" = 0
              THEN CASE
                WHEN "ticket_std_all_top" = 0
                THEN CAST('NaN' AS REAL)
                WHEN "ticket_std_all_top" > 0
                THEN CAST('inf' AS REAL)
                WHEN "ticket_std_all_top" < 0
                THEN CAST('-inf' AS REAL)
              END
            END
          END
        )
      END AS DECIMAL),
      4
    ) AS "ticket_std_all",
    ROUND(CAST((
      "largest_all" * 0.01
    ) AS DECIMAL), 2) AS "ticket_max_all",
    CASE
      WHEN "count_ratio_30d_365d_bottom" <> 0
      THEN CASE
        WHEN "count_ratio_30d_365d_bottom" <> 0
        THEN CASE
          WHEN "count_ratio_30d_365d_bottom" <> 0
          THEN CAST("count_ratio_30d_365d_top" AS DOUBLE PRECISION) / "count_ratio_30d_365d_bottom"
          ELSE NULL
        END
        WHEN "count_ratio_30d_365d_bottom" = 0
        THEN CASE
          WHEN "count_ratio_30d_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "count_ratio_30d_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "count_ratio_30d_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "count_ratio_30d_365d",
    CASE
      WHEN "money_in_ratio_30d_365d_bottom" <> 0
      THEN CASE
        WHEN "money_in_ratio_30d_365d_bottom" <> 0
        THEN CASE
          WHEN "money_in_ratio_30d_365d_bottom" <> 0
          THEN CAST("money_in_ratio_30d_365d_top" AS DOUBLE PRECISION) / "money_in_ratio_30d_365d_bottom"
          ELSE NULL
        END
        WHEN "money_in_ratio_30d_365d_bottom" = 0
        THEN CASE
          WHEN "money_in_ratio_30d_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "money_in_ratio_30d_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "money_in_ratio_30d_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "money_in_ratio_30d_365d",
    CASE
      WHEN "money_out_ratio_30d_365d_bottom" <> 0
      THEN CASE
        WHEN "money_out_ratio_30d_365d_bottom" <> 0
        THEN CASE
          WHEN "money_out_ratio_30d_365d_bottom" <> 0
          THEN CAST("money_out_ratio_30d_365d_top" AS DOUBLE PRECISION) / "money_out_ratio_30d_365d_bottom"
          ELSE NULL
        END
        WHEN "money_out_ratio_30d_365d_bottom" = 0
        THEN CASE
          WHEN "money_out_ratio_30d_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "money_out_ratio_30d_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "money_out_ratio_30d_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "money_out_ratio_30d_365d",
    CASE
      WHEN "count_ratio_90d_365d_bottom" <> 0
      THEN CASE
        WHEN "count_ratio_90d_365d_bottom" <> 0
        THEN CASE
          WHEN "count_ratio_90d_365d_bottom" <> 0
          THEN CAST("count_ratio_90d_365d_top" AS DOUBLE PRECISION) / "count_ratio_90d_365d_bottom"
          ELSE NULL
        END
        WHEN "count_ratio_90d_365d_bottom" = 0
        THEN CASE
          WHEN "count_ratio_90d_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "count_ratio_90d_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "count_ratio_90d_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "count_ratio_90d_365d",
    CASE
      WHEN "money_in_ratio_90d_365d_bottom" <> 0
      THEN CASE
        WHEN "money_in_ratio_90d_365d_bottom" <> 0
        THEN CASE
          WHEN "money_in_ratio_90d_365d_bottom" <> 0
          THEN CAST("money_in_ratio_90d_365d_top" AS DOUBLE PRECISION) / "money_in_ratio_90d_365d_bottom"
          ELSE NULL
        END
        WHEN "money_in_ratio_90d_365d_bottom" = 0
        THEN CASE
          WHEN "money_in_ratio_90d_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "money_in_ratio_90d_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "money_in_ratio_90d_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "money_in_ratio_90d_365d",
    CASE
      WHEN "money_out_ratio_90d_365d_bottom" <> 0
      THEN CASE
        WHEN "money_out_ratio_90d_365d_bottom" <> 0
        THEN CASE
          WHEN "money_out_ratio_90d_365d_bottom" <> 0
          THEN CAST("money_out_ratio_90d_365d_top" AS DOUBLE PRECISION) / "money_out_ratio_90d_365d_bottom"
          ELSE NULL
        END
        WHEN "money_out_ratio_90d_365d_bottom" = 0
        THEN CASE
          WHEN "money_out_ratio_90d_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "money_out_ratio_90d_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "money_out_ratio_90d_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "money_out_ratio_90d_365d",
    CASE
      WHEN "money_out_to_in_365d_bottom" <> 0
      THEN CASE
        WHEN "money_out_to_in_365d_bottom" <> 0
        THEN CASE
          WHEN "money_out_to_in_365d_bottom" <> 0
          THEN CAST("money_out_to_in_365d_top" AS DOUBLE PRECISION) / "money_out_to_in_365d_bottom"
          ELSE NULL
        END
        WHEN "money_out_to_in_365d_bottom" = 0
        THEN CASE
          WHEN "money_out_to_in_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "money_out_to_in_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "money_out_to_in_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "money_out_to_in_365d",
    "history_days" AS "history_days",
    "months_active_365d" AS "months_active_365d",
    "months_active_all" AS "months_active_all",
    CAST("recency" AS DOUBLE PRECISION) AS "recency_days",
    CASE
      WHEN "monthly_inflow_365d_bottom" <> 0
      THEN CASE
        WHEN "monthly_inflow_365d_bottom" <> 0
        THEN CASE
          WHEN "monthly_inflow_365d_bottom" <> 0
          THEN CAST("monthly_inflow_365d_top" AS DOUBLE PRECISION) / "monthly_inflow_365d_bottom"
          ELSE NULL
        END
        WHEN "monthly_inflow_365d_bottom" = 0
        THEN CASE
          WHEN "monthly_inflow_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "monthly_inflow_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "monthly_inflow_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "monthly_inflow_365d",
    CASE
      WHEN "monthly_outflow_365d_bottom" <> 0
      THEN CASE
        WHEN "monthly_outflow_365d_bottom" <> 0
        THEN CASE
          WHEN "monthly_outflow_365d_bottom" <> 0
          THEN CAST("monthly_outflow_365d_top" AS DOUBLE PRECISION) / "monthly_outflow_365d_bottom"
          ELSE NULL
        END
        WHEN "monthly_outflow_365d_bottom" = 0
        THEN CASE
          WHEN "monthly_outflow_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "monthly_outflow_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "monthly_outflow_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "monthly_outflow_365d",
    CASE
      WHEN "ticket_mean_last5_bottom" <> 0
      THEN CASE
        WHEN "ticket_mean_last5_bottom" <> 0
        THEN CASE
          WHEN "ticket_mean_last5_bottom" <> 0
          THEN CAST("ticket_mean_last5_top" AS DOUBLE PRECISION) / "ticket_mean_last5_bottom"
          ELSE NULL
        END
        WHEN "ticket_mean_last5_bottom" = 0
        THEN CASE
          WHEN "ticket_mean_last5_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "ticket_mean_last5_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "ticket_mean_last5_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "ticket_mean_last5",
    CAST((
      "days_last" - "recency"
    ) AS DOUBLE PRECISION) AS "days_spanned_last5",
    CASE
      WHEN "income_regularity_365d_bottom" <> 0
      THEN CASE
        WHEN "income_regularity_365d_bottom" <> 0
        THEN CASE
          WHEN "income_regularity_365d_bottom" <> 0
          THEN CAST("income_regularity_365d_top" AS DOUBLE PRECISION) / "income_regularity_365d_bottom"
          ELSE NULL
        END
        WHEN "income_regularity_365d_bottom" = 0
        THEN CASE
          WHEN "income_regularity_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "income_regularity_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "income_regularity_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "income_regularity_365d",
    CASE
      WHEN CASE
        WHEN "income_variation_365d_bottom" <> 0
        THEN CASE
          WHEN "income_variation_365d_bottom" <> 0
          THEN CASE
            WHEN "income_variation_365d_bottom" <> 0
            THEN CAST("income_variation_365d_top" AS DOUBLE PRECISION) / "income_variation_365d_bottom"
            ELSE NULL
          END
          WHEN "income_variation_365d_bottom" = 0
          THEN CASE
            WHEN "income_variation_365d_top" = 0
            THEN CAST('NaN' AS REAL)
            WHEN "income_variation_365d_top" > 0
            THEN CAST('inf' AS REAL)
            WHEN "income_variation_365d_top" < 0
            THEN CAST('-inf' AS REAL)
          END
        END
      END < 0
      THEN CAST('NaN' AS REAL)
      ELSE SQRT(
        CASE
          WHEN "income_variation_365d_bottom" <> 0
          THEN CASE
            WHEN "income_variation_365d_bottom" <> 0
            THEN CASE
              WHEN "income_variation_365d_bottom" <> 0
              THEN CAST("income_variation_365d_top" AS DOUBLE PRECISION) / "income_variation_365d_bottom"
              ELSE NULL
            END
            WHEN "income_variation_365d_bottom" = 0
            THEN CASE
              WHEN "income_variation_365d_top" = 0
              THEN CAST('NaN' AS REAL)
              WHEN "income_variation_365d_top" > 0
              THEN CAST('inf' AS REAL)
              WHEN "income_variation_365d_top" < 0
              THEN CAST('-inf' AS REAL)
            END
          END
        END
      )
    END AS "income_variation_365d",
    CASE
      WHEN "transactions_per_active_month_365d_bottom" <> 0
      THEN CASE
        WHEN "transactions_per_active_month_365d_bottom" <> 0
        THEN CASE
          WHEN "transactions_per_active_month_365d_bottom" <> 0
          THEN CAST("transactions_per_active_month_365d_top" AS DOUBLE PRECISION) / "transactions_per_active_month_365d_bottom"
          ELSE NULL
        END
        WHEN "transactions_per_active_month_365d_bottom" = 0
        THEN CASE
          WHEN "transactions_per_active_month_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "transactions_per_active_month_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "transactions_per_active_month_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "transactions_per_active_month_365d",
    CASE
      WHEN "transactions_per_active_month_all_bottom" <> 0
      THEN CASE
        WHEN "transactions_per_active_month_all_bottom" <> 0
        THEN CASE
          WHEN "transactions_per_active_month_all_bottom" <> 0
          THEN CAST("transactions_per_active_month_all_top" AS DOUBLE PRECISION) / "transactions_per_active_month_all_bottom"
          ELSE NULL
        END
        WHEN "transactions_per_active_month_all_bottom" = 0
        THEN CASE
          WHEN "transactions_per_active_month_all_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "transactions_per_active_month_all_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "transactions_per_active_month_all_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "transactions_per_active_month_all",
    CASE
      WHEN "share_channel_card_365d_bottom" <> 0
      THEN CASE
        WHEN "share_channel_card_365d_bottom" <> 0
        THEN CASE
          WHEN "share_channel_card_365d_bottom" <> 0
          THEN CAST("share_channel_card_365d_top" AS DOUBLE PRECISION) / "share_channel_card_365d_bottom"
          ELSE NULL
        END
        WHEN "share_channel_card_365d_bottom" = 0
        THEN CASE
          WHEN "share_channel_card_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "share_channel_card_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "share_channel_card_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "share_channel_card_365d",
    CASE
      WHEN "share_category_food_365d_bottom" <> 0
      THEN CASE
        WHEN "share_category_food_365d_bottom" <> 0
        THEN CASE
          WHEN "share_category_food_365d_bottom" <> 0
          THEN CAST("share_category_food_365d_top" AS DOUBLE PRECISION) / "share_category_food_365d_bottom"
          ELSE NULL
        END
        WHEN "share_category_food_365d_bottom" = 0
        THEN CASE
          WHEN "share_category_food_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "share_category_food_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "share_category_food_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "share_category_food_365d",
    CASE
      WHEN "share_category_rent_365d_bottom" <> 0
      THEN CASE
        WHEN "share_category_rent_365d_bottom" <> 0
        THEN CASE
          WHEN "share_category_rent_365d_bottom" <> 0
          THEN CAST("share_category_rent_365d_top" AS DOUBLE PRECISION) / "share_category_rent_365d_bottom"
          ELSE NULL
        END
        WHEN "share_category_rent_365d_bottom" = 0
        THEN CASE
          WHEN "share_category_rent_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "share_category_rent_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "share_category_rent_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "share_category_rent_365d",
    ROUND(CAST((
      "balance_at_last" * 0.01
    ) AS DECIMAL), 2) AS "balance_last",
    (
      CAST("below_90d" AS DOUBLE PRECISION) - CASE WHEN "bookings_below_90d" < "count_all" THEN 1 ELSE 0 END
    ) AS "days_below_zero_90d",
    ROUND(CAST((
      "balance_low_90d" * 0.01
    ) AS DECIMAL), 2) AS "balance_min_90d",
    CASE
      WHEN "balance_mean_90d_bottom" <> 0
      THEN CASE
        WHEN "balance_mean_90d_bottom" <> 0
        THEN CASE
          WHEN "balance_mean_90d_bottom" <> 0
          THEN CAST("balance_mean_90d_top" AS DOUBLE PRECISION) / "balance_mean_90d_bottom"
          ELSE NULL
        END
        WHEN "balance_mean_90d_bottom" = 0
        THEN CASE
          WHEN "balance_mean_90d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "balance_mean_90d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "balance_mean_90d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "balance_mean_90d",
    ROUND(
      CAST(CASE
        WHEN "balance_trend_90d_bottom" <> 0
        THEN CASE
          WHEN "balance_trend_90d_bottom" <> 0
          THEN CASE
            WHEN "balance_trend_90d_bottom" <> 0
            THEN CAST("balance_trend_90d_top" AS DOUBLE PRECISION) / "balance_trend_90d_bottom"
            ELSE NULL
          END
          WHEN "balance_trend_90d_bottom" = 0
          THEN CASE
            WHEN "balance_trend_90d_top" = 0
            THEN CAST('NaN' AS REAL)
            WHEN "balance_trend_90d_top" > 0
            THEN CAST('inf' AS REAL)
            WHEN "balance_trend_90d_top" < 0
            THEN CAST('-inf' AS REAL)
          END
        END
      END AS DECIMAL),
      6
    ) AS "balance_trend_90d",
    (
      CAST("below_365d" AS DOUBLE PRECISION) - CASE WHEN "bookings_below_365d" < "count_all" THEN 1 ELSE 0 END
    ) AS "days_below_zero_365d",
    ROUND(CAST((
      "balance_low_365d" * 0.01
    ) AS DECIMAL), 2) AS "balance_min_365d",
    CASE
      WHEN "balance_mean_365d_bottom" <> 0
      THEN CASE
        WHEN "balance_mean_365d_bottom" <> 0
        THEN CASE
          WHEN "balance_mean_365d_bottom" <> 0
          THEN CAST("balance_mean_365d_top" AS DOUBLE PRECISION) / "balance_mean_365d_bottom"
          ELSE NULL
        END
        WHEN "balance_mean_365d_bottom" = 0
        THEN CASE
          WHEN "balance_mean_365d_top" = 0
          THEN CAST('NaN' AS REAL)
          WHEN "balance_mean_365d_top" > 0
          THEN CAST('inf' AS REAL)
          WHEN "balance_mean_365d_top" < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END AS "balance_mean_365d",
    ROUND(
      CAST(CASE
        WHEN "balance_trend_365d_bottom" <> 0
        THEN CASE
          WHEN "balance_trend_365d_bottom" <> 0
          THEN CASE
            WHEN "balance_trend_365d_bottom" <> 0
            THEN CAST("balance_trend_365d_top" AS DOUBLE PRECISION) / "balance_trend_365d_bottom"
            ELSE NULL
          END
          WHEN "balance_trend_365d_bottom" = 0
          THEN CASE
            WHEN "balance_trend_365d_top" = 0
            THEN CAST('NaN' AS REAL)
            WHEN "balance_trend_365d_top" > 0
            THEN CAST('inf' AS REAL)
            WHEN "balance_trend_365d_top" < 0
            THEN CAST('-inf' AS REAL)
          END
        END
      END AS DECIMAL),
      6
    ) AS "balance_trend_365d"
  FROM "t38918335"
), "t13616736" AS (
  SELECT
    "row" AS "row",
    "transactions_count_30d" AS "transactions_count_30d",
    "money_in_30d" AS "money_in_30d",
    "money_out_30d" AS "money_out_30d",
    "ticket_mean_30d" AS "ticket_mean_30d",
    "ticket_std_30d" AS "ticket_std_30d",
    "ticket_max_30d" AS "ticket_max_30d",
    "transactions_count_90d" AS "transactions_count_90d",
    "money_in_90d" AS "money_in_90d",
    "money_out_90d" AS "money_out_90d",
    "ticket_mean_90d" AS "ticket_mean_90d",
    "ticket_std_90d" AS "ticket_std_90d",
    "ticket_max_90d" AS "ticket_max_90d",
    "transactions_count_365d" AS "transactions_count_365d",
    "money_in_365d" AS "money_in_365d",
    "money_out_365d" AS "money_out_365d",
    "ticket_mean_365d" AS "ticket_mean_365d",
    "ticket_std_365d" AS "ticket_std_365d",
    "ticket_max_365d" AS "ticket_max_365d",
    "transactions_count_all" AS "transactions_count_all",
    "money_in_all" AS "money_in_all",
    "money_out_all" AS "money_out_all",
    "ticket_mean_all" AS "ticket_mean_all",
    "ticket_std_all" AS "ticket_std_all",
    "ticket_max_all" AS "ticket_max_all",
    "count_ratio_30d_365d" AS "count_ratio_30d_365d",
    "money_in_ratio_30d_365d" AS "money_in_ratio_30d_365d",
    "money_out_ratio_30d_365d" AS "money_out_ratio_30d_365d",
    "count_ratio_90d_365d" AS "count_ratio_90d_365d",
    "money_in_ratio_90d_365d" AS "money_in_ratio_90d_365d",
    "money_out_ratio_90d_365d" AS "money_out_ratio_90d_365d",
    "money_out_to_in_365d" AS "money_out_to_in_365d",
    "history_days" AS "history_days",
    "months_active_365d" AS "months_active_365d",
    "months_active_all" AS "months_active_all",
    "recency_days" AS "recency_days",
    "monthly_inflow_365d" AS "monthly_inflow_365d",
    "monthly_outflow_365d" AS "monthly_outflow_365d",
    "ticket_mean_last5" AS "ticket_mean_last5",
    "days_spanned_last5" AS "days_spanned_last5",
    "income_regularity_365d" AS "income_regularity_365d",
    "income_variation_365d" AS "income_variation_365d",
    "transactions_per_active_month_365d" AS "transactions_per_active_month_365d",
    "transactions_per_active_month_all" AS "transactions_per_active_month_all",
    "share_channel_card_365d" AS "share_channel_card_365d",
    "share_category_food_365d" AS "share_category_food_365d",
    "share_category_rent_365d" AS "share_category_rent_365d",
    "balance_last" AS "balance_last",
    "days_below_zero_90d" AS "days_below_zero_90d",
    "balance_min_90d" AS "balance_min_90d",
    "balance_mean_90d" AS "balance_mean_90d",
    "balance_trend_90d" AS "balance_trend_90d",
    "days_below_zero_365d" AS "days_below_zero_365d",
    "balance_min_365d" AS "balance_min_365d",
    "balance_mean_365d" AS "balance_mean_365d",
    "balance_trend_365d" AS "balance_trend_365d"
  FROM "t34071632"
), "t16792437" AS (
  SELECT
    "t33055771"."row",
    "t33055771"."customer_id",
    "t33055771"."as_of",
    "t33055771"."amount",
    "t33055771"."term_months",
    "t33055771"."annual_rate",
    "t33055771"."instalment",
    "t33055771"."purpose",
    "t33055771"."grade",
    "t33055771"."age_years",
    "t33055771"."tenure_days",
    "t33055771"."annual_income",
    "t33055771"."region",
    "t33055771"."score",
    "t33055771"."earlier_loans_count",
    "t33055771"."earlier_defaults_count",
    "t33055771"."open_loans_count",
    "t33055771"."earlier_amount",
    "t33055771"."products_held",
    "t33055771"."interactions_view_365d",
    "t33055771"."interactions_click_365d",
    "t33055771"."interactions_apply_365d",
    "t33055771"."interactions_hold_365d",
    "t33055771"."interactions_close_365d",
    "t13616736"."transactions_count_30d",
    "t13616736"."money_in_30d",
    "t13616736"."money_out_30d",
    "t13616736"."ticket_mean_30d",
    "t13616736"."ticket_std_30d",
    "t13616736"."ticket_max_30d",
    "t13616736"."transactions_count_90d",
    "t13616736"."money_in_90d",
    "t13616736"."money_out_90d",
    "t13616736"."ticket_mean_90d",
    "t13616736"."ticket_std_90d",
    "t13616736"."ticket_max_90d",
    "t13616736"."transactions_count_365d",
    "t13616736"."money_in_365d",
    "t13616736"."money_out_365d",
    "t13616736"."ticket_mean_365d",
    "t13616736"."ticket_std_365d",
    "t13616736"."ticket_max_365d",
    "t13616736"."transactions_count_all",
    "t13616736"."money_in_all",
    "t13616736"."money_out_all",
    "t13616736"."ticket_mean_all",
    "t13616736"."ticket_std_all",
    "t13616736"."ticket_max_all",
    "t13616736"."count_ratio_30d_365d",
    "t13616736"."money_in_ratio_30d_365d",
    "t13616736"."money_out_ratio_30d_365d",
    "t13616736"."count_ratio_90d_365d",
    "t13616736"."money_in_ratio_90d_365d",
    "t13616736"."money_out_ratio_90d_365d",
    "t13616736"."money_out_to_in_365d",
    "t13616736"."history_days",
    "t13616736"."months_active_365d",
    "t13616736"."months_active_all",
    "t13616736"."recency_days",
    "t13616736"."monthly_inflow_365d",
    "t13616736"."monthly_outflow_365d",
    "t13616736"."ticket_mean_last5",
    "t13616736"."days_spanned_last5",
    "t13616736"."income_regularity_365d",
    "t13616736"."income_variation_365d",
    "t13616736"."transactions_per_active_month_365d",
    "t13616736"."transactions_per_active_month_all",
    "t13616736"."share_channel_card_365d",
    "t13616736"."share_category_food_365d",
    "t13616736"."share_category_rent_365d",
    "t13616736"."balance_last",
    "t13616736"."days_below_zero_90d",
    "t13616736"."balance_min_90d",
    "t13616736"."balance_mean_90d",
    "t13616736"."balance_trend_90d",
    "t13616736"."days_below_zero_365d",
    "t13616736"."balance_min_365d",
    "t13616736"."balance_mean_365d",
    "t13616736"."balance_trend_365d"
  FROM "t33055771"
  LEFT OUTER JOIN "t13616736"
    ON "t33055771"."row" = "t13616736"."row"
)
SELECT
  "row" AS "row",
  "customer_id" AS "customer_id",
  "as_of" AS "as_of",
  "amount" AS "amount",
  "term_months" AS "term_months",
  "annual_rate" AS "annual_rate",
  "instalment" AS "instalment",
  "purpose" AS "purpose",
  "grade" AS "grade",
  "age_years" AS "age_years",
  "tenure_days" AS "tenure_days",
  "annual_income" AS "annual_income",
  "region" AS "region",
  "score" AS "score",
  CASE
    WHEN (
      "earlier_loans_count" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "earlier_loans_count"
  END AS "earlier_loans_count",
  CASE
    WHEN (
      "earlier_defaults_count" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "earlier_defaults_count"
  END AS "earlier_defaults_count",
  CASE
    WHEN (
      "open_loans_count" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "open_loans_count"
  END AS "open_loans_count",
  CASE
    WHEN (
      "earlier_amount" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "earlier_amount"
  END AS "earlier_amount",
  CASE
    WHEN (
      "products_held" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "products_held"
  END AS "products_held",
  CASE
    WHEN (
      "interactions_view_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "interactions_view_365d"
  END AS "interactions_view_365d",
  CASE
    WHEN (
      "interactions_click_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "interactions_click_365d"
  END AS "interactions_click_365d",
  CASE
    WHEN (
      "interactions_apply_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "interactions_apply_365d"
  END AS "interactions_apply_365d",
  CASE
    WHEN (
      "interactions_hold_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "interactions_hold_365d"
  END AS "interactions_hold_365d",
  CASE
    WHEN (
      "interactions_close_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "interactions_close_365d"
  END AS "interactions_close_365d",
  CASE
    WHEN (
      "transactions_count_30d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "transactions_count_30d"
  END AS "transactions_count_30d",
  CASE
    WHEN (
      "money_in_30d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_in_30d"
  END AS "money_in_30d",
  CASE
    WHEN (
      "money_out_30d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_out_30d"
  END AS "money_out_30d",
  "ticket_mean_30d" AS "ticket_mean_30d",
  "ticket_std_30d" AS "ticket_std_30d",
  "ticket_max_30d" AS "ticket_max_30d",
  CASE
    WHEN (
      "transactions_count_90d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "transactions_count_90d"
  END AS "transactions_count_90d",
  CASE
    WHEN (
      "money_in_90d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_in_90d"
  END AS "money_in_90d",
  CASE
    WHEN (
      "money_out_90d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_out_90d"
  END AS "money_out_90d",
  "ticket_mean_90d" AS "ticket_mean_90d",
  "ticket_std_90d" AS "ticket_std_90d",
  "ticket_max_90d" AS "ticket_max_90d",
  CASE
    WHEN (
      "transactions_count_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "transactions_count_365d"
  END AS "transactions_count_365d",
  CASE
    WHEN (
      "money_in_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_in_365d"
  END AS "money_in_365d",
  CASE
    WHEN (
      "money_out_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_out_365d"
  END AS "money_out_365d",
  "ticket_mean_365d" AS "ticket_mean_365d",
  "ticket_std_365d" AS "ticket_std_365d",
  "ticket_max_365d" AS "ticket_max_365d",
  CASE
    WHEN (
      "transactions_count_all" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "transactions_count_all"
  END AS "transactions_count_all",
  CASE
    WHEN (
      "money_in_all" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_in_all"
  END AS "money_in_all",
  CASE
    WHEN (
      "money_out_all" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "money_out_all"
  END AS "money_out_all",
  "ticket_mean_all" AS "ticket_mean_all",
  "ticket_std_all" AS "ticket_std_all",
  "ticket_max_all" AS "ticket_max_all",
  "count_ratio_30d_365d" AS "count_ratio_30d_365d",
  "money_in_ratio_30d_365d" AS "money_in_ratio_30d_365d",
  "money_out_ratio_30d_365d" AS "money_out_ratio_30d_365d",
  "count_ratio_90d_365d" AS "count_ratio_90d_365d",
  "money_in_ratio_90d_365d" AS "money_in_ratio_90d_365d",
  "money_out_ratio_90d_365d" AS "money_out_ratio_90d_365d",
  "money_out_to_in_365d" AS "money_out_to_in_365d",
  "history_days" AS "history_days",
  CASE
    WHEN (
      "months_active_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "months_active_365d"
  END AS "months_active_365d",
  CASE
    WHEN (
      "months_active_all" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "months_active_all"
  END AS "months_active_all",
  "recency_days" AS "recency_days",
  "monthly_inflow_365d" AS "monthly_inflow_365d",
  "monthly_outflow_365d" AS "monthly_outflow_365d",
  "ticket_mean_last5" AS "ticket_mean_last5",
  "days_spanned_last5" AS "days_spanned_last5",
  "income_regularity_365d" AS "income_regularity_365d",
  "income_variation_365d" AS "income_variation_365d",
  "transactions_per_active_month_365d" AS "transactions_per_active_month_365d",
  "transactions_per_active_month_all" AS "transactions_per_active_month_all",
  "share_channel_card_365d" AS "share_channel_card_365d",
  "share_category_food_365d" AS "share_category_food_365d",
  "share_category_rent_365d" AS "share_category_rent_365d",
  "balance_last" AS "balance_last",
  CASE
    WHEN (
      "days_below_zero_90d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "days_below_zero_90d"
  END AS "days_below_zero_90d",
  "balance_min_90d" AS "balance_min_90d",
  "balance_mean_90d" AS "balance_mean_90d",
  "balance_trend_90d" AS "balance_trend_90d",
  CASE
    WHEN (
      "days_below_zero_365d" IS NULL AND NOT (
        "as_of" IS NULL
      )
    )
    THEN 0.0
    ELSE "days_below_zero_365d"
  END AS "days_below_zero_365d",
  "balance_min_365d" AS "balance_min_365d",
  "balance_mean_365d" AS "balance_mean_365d",
  "balance_trend_365d" AS "balance_trend_365d",
  CASE
    WHEN "monthly_inflow_365d" <> 0
    THEN CASE
      WHEN CAST("monthly_inflow_365d" AS DOUBLE PRECISION) <> 0
      THEN CASE
        WHEN CAST("monthly_inflow_365d" AS DOUBLE PRECISION) <> 0
        THEN CAST("instalment" AS DOUBLE PRECISION) / CAST("monthly_inflow_365d" AS DOUBLE PRECISION)
        ELSE NULL
      END
      WHEN CAST("monthly_inflow_365d" AS DOUBLE PRECISION) = 0
      THEN CASE
        WHEN CAST("instalment" AS DOUBLE PRECISION) = 0
        THEN CAST('NaN' AS REAL)
        WHEN CAST("instalment" AS DOUBLE PRECISION) > 0
        THEN CAST('inf' AS REAL)
        WHEN CAST("instalment" AS DOUBLE PRECISION) < 0
        THEN CAST('-inf' AS REAL)
      END
    END
  END AS "burden_inflow",
  (
    CASE
      WHEN "annual_income" <> 0
      THEN CASE
        WHEN CAST("annual_income" AS DOUBLE PRECISION) <> 0
        THEN CASE
          WHEN CAST("annual_income" AS DOUBLE PRECISION) <> 0
          THEN CAST("instalment" AS DOUBLE PRECISION) / CAST("annual_income" AS DOUBLE PRECISION)
          ELSE NULL
        END
        WHEN CAST("annual_income" AS DOUBLE PRECISION) = 0
        THEN CASE
          WHEN CAST("instalment" AS DOUBLE PRECISION) = 0
          THEN CAST('NaN' AS REAL)
          WHEN CAST("instalment" AS DOUBLE PRECISION) > 0
          THEN CAST('inf' AS REAL)
          WHEN CAST("instalment" AS DOUBLE PRECISION) < 0
          THEN CAST('-inf' AS REAL)
        END
      END
    END * 12.0
  ) AS "burden_income",
  CASE
    WHEN "annual_income" <> 0
    THEN CASE
      WHEN CAST("annual_income" AS DOUBLE PRECISION) <> 0
      THEN CASE
        WHEN CAST("annual_income" AS DOUBLE PRECISION) <> 0
        THEN CAST("amount" AS DOUBLE PRECISION) / CAST("annual_income" AS DOUBLE PRECISION)
        ELSE NULL
      END
      WHEN CAST("annual_income" AS DOUBLE PRECISION) = 0
      THEN CASE
        WHEN CAST("amount" AS DOUBLE PRECISION) = 0
        THEN CAST('NaN' AS REAL)
        WHEN CAST("amount" AS DOUBLE PRECISION) > 0
        THEN CAST('inf' AS REAL)
        WHEN CAST("amount" AS DOUBLE PRECISION) < 0
        THEN CAST('-inf' AS REAL)
      END
    END
  END AS "amount_to_income"
FROM "t16792437"
