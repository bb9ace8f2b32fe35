WITH `t60191970` AS (
  SELECT
    `loan_id`,
    `customer_id`,
    `defaulted`,
    `defaulted_on`,
    `applied_on`,
    `amount`,
    `term_months`,
    `annual_rate`,
    `purpose`,
    `grade`,
    `closed_on`
  FROM `loans`
), `t13830978` AS (
  SELECT
    `loan_id` AS `row`,
    `customer_id` AS `customer_id`,
    CAST(`applied_on` AS TIMESTAMP_NTZ) AS `as_of`,
    `loan_id` AS `loan_id`
  FROM `t60191970`
), `t42812514` AS (
  SELECT
    `row`,
    `customer_id`,
    `as_of`
  FROM `t13830978`
), `t19667321` AS (
  SELECT
    `row` AS `loan_id`
  FROM `t13830978`
), `t26640528` AS (
  SELECT
    `loan_id` AS `loan_id`
  FROM `t19667321`
), `t42861417` AS (
  SELECT
    `t60191970`.`loan_id`,
    `t60191970`.`customer_id`,
    `t60191970`.`defaulted`,
    `t60191970`.`defaulted_on`,
    `t60191970`.`applied_on`,
    `t60191970`.`amount`,
    `t60191970`.`term_months`,
    `t60191970`.`annual_rate`,
    `t60191970`.`purpose`,
    `t60191970`.`grade`,
    `t60191970`.`closed_on`
  FROM `t60191970`
  INNER JOIN `t26640528`
    ON `t60191970`.`loan_id` = `t26640528`.`loan_id`
), `t22149492` AS (
  SELECT
    CAST(`amount` AS DOUBLE) AS `amount`,
    CAST(`term_months` AS DOUBLE) AS `term_months`,
    CAST(`annual_rate` AS DOUBLE) AS `annual_rate`,
    CASE
      WHEN `term_months` <> 0
      THEN CASE
        WHEN CAST(`term_months` AS DOUBLE) <> 0
        THEN TRY_DIVIDE(CAST(`amount` AS DOUBLE), CAST(`term_months` AS DOUBLE))
        WHEN CAST(`term_months` AS DOUBLE) = 0
        THEN CASE
          WHEN CAST(`amount` AS DOUBLE) = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN CAST(`amount` AS DOUBLE) > 0
          THEN CAST('inf' AS FLOAT)
          WHEN CAST(`amount` AS DOUBLE) < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `instalment`,
    CAST(`purpose` AS STRING) AS `purpose`,
    CAST(`grade` AS STRING) AS `grade`,
    `loan_id` AS `row`
  FROM `t42861417`
), `t20142696` AS (
  SELECT
    `row` AS `row`,
    `amount` AS `amount`,
    `term_months` AS `term_months`,
    `annual_rate` AS `annual_rate`,
    `instalment` AS `instalment`,
    `purpose` AS `purpose`,
    `grade` AS `grade`
  FROM `t22149492`
), `t11404999` AS (
  SELECT
    `t42812514`.`row`,
    `t42812514`.`customer_id`,
    `t42812514`.`as_of`,
    `t20142696`.`amount`,
    `t20142696`.`term_months`,
    `t20142696`.`annual_rate`,
    `t20142696`.`instalment`,
    `t20142696`.`purpose`,
    `t20142696`.`grade`
  FROM `t42812514`
  LEFT OUTER JOIN `t20142696`
    ON `t42812514`.`row` = `t20142696`.`row`
), `t79304546` AS (
  SELECT
    `customer_id`,
    `birth_date`,
    `joined_on`,
    `region`,
    `annual_income`,
    `score`,
    `scored_on`
  FROM `customers`
), `t38158136` AS (
  SELECT
    `customer_id` AS `customer_id`,
    `row` AS `row`,
    `as_of` AS `as_of`
  FROM `t42812514`
), `t22613319` AS (
  SELECT
    `t79304546`.`customer_id`,
    `t79304546`.`birth_date`,
    `t79304546`.`joined_on`,
    `t79304546`.`region`,
    `t79304546`.`annual_income`,
    `t79304546`.`score`,
    `t79304546`.`scored_on`,
    `t38158136`.`row`,
    `t38158136`.`as_of`
  FROM `t79304546`
  INNER JOIN `t38158136`
    ON `t79304546`.`customer_id` = `t38158136`.`customer_id`
), `t13377562` AS (
  SELECT
    `row` AS `row`,
    (
      CASE
        WHEN CAST(`birth_date` AS TIMESTAMP_NTZ) < `as_of`
        THEN CAST((
          (
            CAST((
              (
                (
                  CAST(YEAR(`as_of`) AS DOUBLE) - 1
                ) * 365
              ) + (
                (
                  FLOOR((
                    (
                      (
                        CAST(YEAR(`as_of`) AS DOUBLE) - 1
                      ) + 0.5
                    ) * 0.25
                  )) - FLOOR((
                    (
                      (
                        CAST(YEAR(`as_of`) AS DOUBLE) - 1
                      ) + 0.5
                    ) * 0.01
                  ))
                ) + FLOOR((
                  (
                    (
                      CAST(YEAR(`as_of`) AS DOUBLE) - 1
                    ) + 0.5
                  ) * 0.0025
                ))
              )
            ) AS BIGINT) + CAST(DAYOFYEAR(`as_of`) AS BIGINT)
          ) - (
            CAST((
              (
                (
                  CAST(YEAR(CAST(`birth_date` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                ) * 365
              ) + (
                (
                  FLOOR(
                    (
                      (
                        (
                          CAST(YEAR(CAST(`birth_date` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                        ) + 0.5
                      ) * 0.25
                    )
                  ) - FLOOR(
                    (
                      (
                        (
                          CAST(YEAR(CAST(`birth_date` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                        ) + 0.5
                      ) * 0.01
                    )
                  )
                ) + FLOOR(
                  (
                    (
                      (
                        CAST(YEAR(CAST(`birth_date` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                      ) + 0.5
                    ) * 0.0025
                  )
                )
              )
            ) AS BIGINT) + CAST(DAYOFYEAR(CAST(`birth_date` AS TIMESTAMP_NTZ)) AS BIGINT)
          )
        ) AS DOUBLE)
      END * 0.0027378507871321013
    ) AS `age_years`,
    CASE
      WHEN CAST(`joined_on` AS TIMESTAMP_NTZ) < `as_of`
      THEN CAST((
        (
          CAST((
            (
              (
                CAST(YEAR(`as_of`) AS DOUBLE) - 1
              ) * 365
            ) + (
              (
                FLOOR((
                  (
                    (
                      CAST(YEAR(`as_of`) AS DOUBLE) - 1
                    ) + 0.5
                  ) * 0.25
                )) - FLOOR((
                  (
                    (
                      CAST(YEAR(`as_of`) AS DOUBLE) - 1
                    ) + 0.5
                  ) * 0.01
                ))
              ) + FLOOR((
                (
                  (
                    CAST(YEAR(`as_of`) AS DOUBLE) - 1
                  ) + 0.5
                ) * 0.0025
              ))
            )
          ) AS BIGINT) + CAST(DAYOFYEAR(`as_of`) AS BIGINT)
        ) - (
          CAST((
            (
              (
                CAST(YEAR(CAST(`joined_on` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
              ) * 365
            ) + (
              (
                FLOOR(
                  (
                    (
                      (
                        CAST(YEAR(CAST(`joined_on` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                      ) + 0.5
                    ) * 0.25
                  )
                ) - FLOOR(
                  (
                    (
                      (
                        CAST(YEAR(CAST(`joined_on` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                      ) + 0.5
                    ) * 0.01
                  )
                )
              ) + FLOOR(
                (
                  (
                    (
                      CAST(YEAR(CAST(`joined_on` AS TIMESTAMP_NTZ)) AS DOUBLE) - 1
                    ) + 0.5
                  ) * 0.0025
                )
              )
            )
          ) AS BIGINT) + CAST(DAYOFYEAR(CAST(`joined_on` AS TIMESTAMP_NTZ)) AS BIGINT)
        )
      ) AS DOUBLE)
    END AS `tenure_days`,
    CAST(`annual_income` AS DOUBLE) AS `annual_income`,
    CAST(`region` AS STRING) AS `region`,
    CASE
      WHEN CAST(`scored_on` AS TIMESTAMP_NTZ) < `as_of`
      THEN CAST(`score` AS DOUBLE)
    END AS `score`
  FROM `t22613319`
), `t99388710` AS (
  SELECT
    `row` AS `row`,
    `age_years` AS `age_years`,
    `tenure_days` AS `tenure_days`,
    `annual_income` AS `annual_income`,
    `region` AS `region`,
    `score` AS `score`
  FROM `t13377562`
), `t22927263` AS (
  SELECT
    `t11404999`.`row`,
    `t11404999`.`customer_id`,
    `t11404999`.`as_of`,
    `t11404999`.`amount`,
    `t11404999`.`term_months`,
    `t11404999`.`annual_rate`,
    `t11404999`.`instalment`,
    `t11404999`.`purpose`,
    `t11404999`.`grade`,
    `t99388710`.`age_years`,
    `t99388710`.`tenure_days`,
    `t99388710`.`annual_income`,
    `t99388710`.`region`,
    `t99388710`.`score`
  FROM `t11404999`
  LEFT OUTER JOIN `t99388710`
    ON `t11404999`.`row` = `t99388710`.`row`
), `t19863186` AS (
  SELECT
    `customer_id` AS `customer_id`,
    `defaulted` AS `defaulted`,
    CAST(`applied_on` AS TIMESTAMP_NTZ) AS `applied_on`,
    CAST(`defaulted_on` AS TIMESTAMP_NTZ) AS `defaulted_on`,
    CAST(`closed_on` AS TIMESTAMP_NTZ) AS `closed_on`,
    ROUND((
      CAST(`amount` AS DOUBLE) * 100.0
    ), 0) AS `cents`
  FROM `t60191970`
), `t30914760` AS (
  SELECT
    `t19863186`.`customer_id`,
    `t19863186`.`defaulted`,
    `t19863186`.`applied_on`,
    `t19863186`.`defaulted_on`,
    `t19863186`.`closed_on`,
    `t19863186`.`cents`,
    `t38158136`.`row`,
    `t38158136`.`as_of`
  FROM `t19863186`
  INNER JOIN `t38158136`
    ON `t19863186`.`customer_id` = `t38158136`.`customer_id`
), `t68120719` AS (
  SELECT
    `row`,
    CAST(COUNT(`as_of`) AS DOUBLE) AS `earlier_loans_count`,
    CAST(COALESCE(
      SUM(
        CASE
          WHEN (
            COALESCE(`defaulted_on` < `as_of`, FALSE)
            OR (
              (
                COALESCE(`defaulted`, FALSE) AND COALESCE(`closed_on` < `as_of`, FALSE)
              )
              AND ISNULL(`defaulted_on`)
            )
          )
          THEN 1
          ELSE 0
        END
      ),
      0
    ) AS DOUBLE) AS `earlier_defaults_count`,
    CAST(COALESCE(
      SUM(CASE WHEN NOT (
        COALESCE(`closed_on` < `as_of`, FALSE)
      ) THEN 1 ELSE 0 END),
      0
    ) AS DOUBLE) AS `open_loans_count`,
    ROUND((
      COALESCE(SUM(`cents`), 0) * 0.01
    ), 2) AS `earlier_amount`
  FROM `t30914760`
  WHERE
    CAST(`applied_on` AS TIMESTAMP_NTZ) < `as_of`
  GROUP BY
    `row`
), `t10461667` AS (
  SELECT
    `row` AS `row`,
    `earlier_loans_count` AS `earlier_loans_count`,
    `earlier_defaults_count` AS `earlier_defaults_count`,
    `open_loans_count` AS `open_loans_count`,
    `earlier_amount` AS `earlier_amount`
  FROM `t68120719`
), `t23464889` AS (
  SELECT
    `row` AS `row`,
    `earlier_loans_count` AS `earlier_loans_count`,
    `earlier_defaults_count` AS `earlier_defaults_count`,
    `open_loans_count` AS `open_loans_count`,
    `earlier_amount` AS `earlier_amount`
  FROM `t10461667`
), `t37864940` AS (
  SELECT
    `t22927263`.`row`,
    `t22927263`.`customer_id`,
    `t22927263`.`as_of`,
    `t22927263`.`amount`,
    `t22927263`.`term_months`,
    `t22927263`.`annual_rate`,
    `t22927263`.`instalment`,
    `t22927263`.`purpose`,
    `t22927263`.`grade`,
    `t22927263`.`age_years`,
    `t22927263`.`tenure_days`,
    `t22927263`.`annual_income`,
    `t22927263`.`region`,
    `t22927263`.`score`,
    `t23464889`.`earlier_loans_count`,
    `t23464889`.`earlier_defaults_count`,
    `t23464889`.`open_loans_count`,
    `t23464889`.`earlier_amount`
  FROM `t22927263`
  LEFT OUTER JOIN `t23464889`
    ON `t22927263`.`row` = `t23464889`.`row`
), `t39080080` AS (
  SELECT
    `customer_id`,
    `product_id`,
    `kind`,
    `at`
  FROM `interactions`
), `t21438156` AS (
  SELECT
    `customer_id` AS `customer_id`,
    `product_id` AS `product_id`,
    `kind` AS `kind`,
    CAST(`at` AS TIMESTAMP_NTZ) AS `at`
  FROM `t39080080`
), `t40789659` AS (
  SELECT
    `t21438156`.`customer_id`,
    `t21438156`.`product_id`,
    `t21438156`.`kind`,
    `t21438156`.`at`,
    `t38158136`.`row`,
    `t38158136`.`as_of`
  FROM `t21438156`
  INNER JOIN `t38158136`
    ON `t21438156`.`customer_id` = `t38158136`.`customer_id`
), `t38826404` AS (
  SELECT
    `customer_id`,
    `product_id`,
    `kind`,
    `at`,
    `row`,
    `as_of`,
    (
      (
        CAST((
          (
            (
              CAST(YEAR(`as_of`) AS DOUBLE) - 1
            ) * 365
          ) + (
            (
              FLOOR((
                (
                  (
                    CAST(YEAR(`as_of`) AS DOUBLE) - 1
                  ) + 0.5
                ) * 0.25
              )) - FLOOR((
                (
                  (
                    CAST(YEAR(`as_of`) AS DOUBLE) - 1
                  ) + 0.5
                ) * 0.01
              ))
            ) + FLOOR((
              (
                (
                  CAST(YEAR(`as_of`) AS DOUBLE) - 1
                ) + 0.5
              ) * 0.0025
            ))
          )
        ) AS BIGINT) + CAST(DAYOFYEAR(`as_of`) AS BIGINT)
      ) - (
        CAST((
          (
            (
              CAST(YEAR(`at`) AS DOUBLE) - 1
            ) * 365
          ) + (
            (
              FLOOR((
                (
                  (
                    CAST(YEAR(`at`) AS DOUBLE) - 1
                  ) + 0.5
                ) * 0.25
              )) - FLOOR((
                (
                  (
                    CAST(YEAR(`at`) AS DOUBLE) - 1
                  ) + 0.5
                ) * 0.01
              ))
            ) + FLOOR((
              (
                (
                  CAST(YEAR(`at`) AS DOUBLE) - 1
                ) + 0.5
              ) * 0.0025
            ))
          )
        ) AS BIGINT) + CAST(DAYOFYEAR(`at`) AS BIGINT)
      )
    ) <= 365 AS `recent`
  FROM `t40789659`
  WHERE
    CAST(`at` AS TIMESTAMP_NTZ) < `as_of`
), `t31092068` AS (
  SELECT
    `customer_id`,
    `product_id`,
    `kind`,
    `at`,
    `row`,
    `as_of`,
    `recent`
  FROM `t38826404`
), `t27424206` AS (
  SELECT
    `row`,
    `product_id`,
    MAX(CASE WHEN `kind` = 'hold' THEN `at` END) AS `held_since`,
    MAX(CASE WHEN `kind` = 'close' THEN `at` END) AS `closed_at`,
    COALESCE(SUM(CASE WHEN (
      `recent` AND `kind` = 'view'
    ) THEN 1 ELSE 0 END), 0) AS `view`,
    COALESCE(SUM(CASE WHEN (
      `recent` AND `kind` = 'click'
    ) THEN 1 ELSE 0 END), 0) AS `click`,
    COALESCE(SUM(CASE WHEN (
      `recent` AND `kind` = 'apply'
    ) THEN 1 ELSE 0 END), 0) AS `apply`,
    COALESCE(SUM(CASE WHEN (
      `recent` AND `kind` = 'hold'
    ) THEN 1 ELSE 0 END), 0) AS `hold`,
    COALESCE(SUM(CASE WHEN (
      `recent` AND `kind` = 'close'
    ) THEN 1 ELSE 0 END), 0) AS `close`
  FROM `t31092068`
  GROUP BY
    `row`,
    `product_id`
), `t31024665` AS (
  SELECT
    `row` AS `row`,
    `product_id` AS `product_id`,
    `held_since` AS `held_since`,
    `closed_at` AS `closed_at`,
    `view` AS `view`,
    `click` AS `click`,
    `apply` AS `apply`,
    `hold` AS `hold`,
    `close` AS `close`
  FROM `t27424206`
), `t10770202` AS (
  SELECT
    `row`,
    `product_id`,
    `held_since`,
    `closed_at`,
    `view`,
    `click`,
    `apply`,
    `hold`,
    `close`,
    CASE
      WHEN (
        NOT (
          ISNULL(`held_since`)
        )
        AND (
          ISNULL(`closed_at`) OR `closed_at` <= `held_since`
        )
      )
      THEN 1
      ELSE 0
    END AS `held`
  FROM `t31024665`
), `t10811948` AS (
  SELECT
    `row`,
    `product_id`,
    `held_since`,
    `closed_at`,
    `view`,
    `click`,
    `apply`,
    `hold`,
    `close`,
    `held`
  FROM `t10770202`
), `t13937233` AS (
  SELECT
    `row`,
    CAST(COALESCE(SUM(`held`), 0) AS DOUBLE) AS `products_held`,
    CAST(COALESCE(SUM(`view`), 0) AS DOUBLE) AS `interactions_view_365d`,
    CAST(COALESCE(SUM(`click`), 0) AS DOUBLE) AS `interactions_click_365d`,
    CAST(COALESCE(SUM(`apply`), 0) AS DOUBLE) AS `interactions_apply_365d`,
    CAST(COALESCE(SUM(`hold`), 0) AS DOUBLE) AS `interactions_hold_365d`,
    CAST(COALESCE(SUM(`close`), 0) AS DOUBLE) AS `interactions_close_365d`
  FROM `t10811948`
  GROUP BY
    `row`
), `t88431398` AS (
  SELECT
    `row` AS `row`,
    `products_held` AS `products_held`,
    `interactions_view_365d` AS `interactions_view_365d`,
    `interactions_click_365d` AS `interactions_click_365d`,
    `interactions_apply_365d` AS `interactions_apply_365d`,
    `interactions_hold_365d` AS `interactions_hold_365d`,
    `interactions_close_365d` AS `interactions_close_365d`
  FROM `t13937233`
), `t37072300` AS (
  SELECT
    `row` AS `row`,
    `products_held` AS `products_held`,
    `interactions_view_365d` AS `interactions_view_365d`,
    `interactions_click_365d` AS `interactions_click_365d`,
    `interactions_apply_365d` AS `interactions_apply_365d`,
    `interactions_hold_365d` AS `interactions_hold_365d`,
    `interactions_close_365d` AS `interactions_close_365d`
  FROM `t88431398`
), `t32516100` AS (
  SELECT
    `t37864940`.`row`,
    `t37864940`.`customer_id`,
    `t37864940`.`as_of`,
    `t37864940`.`amount`,
    `t37864940`.`term_months`,
    `t37864940`.`annual_rate`,
    `t37864940`.`instalment`,
    `t37864940`.`purpose`,
    `t37864940`.`grade`,
    `t37864940`.`age_years`,
    `t37864940`.`tenure_days`,
    `t37864940`.`annual_income`,
    `t37864940`.`region`,
    `t37864940`.`score`,
    `t37864940`.`earlier_loans_count`,
    `t37864940`.`earlier_defaults_count`,
    `t37864940`.`open_loans_count`,
    `t37864940`.`earlier_amount`,
    `t37072300`.`products_held`,
    `t37072300`.`interactions_view_365d`,
    `t37072300`.`interactions_click_365d`,
    `t37072300`.`interactions_apply_365d`,
    `t37072300`.`interactions_hold_365d`,
    `t37072300`.`interactions_close_365d`
  FROM `t37864940`
  LEFT OUTER JOIN `t37072300`
    ON `t37864940`.`row` = `t37072300`.`row`
), `t30290572` AS (
  SELECT
    `transaction_id`,
    `customer_id`,
    `at`,
    `amount`,
    `category`,
    `channel`,
    `balance_after`,
    `loaded_at`
  FROM `transactions`
), `t30634094` AS (
  SELECT
    `customer_id` AS `customer_id`,
    `category` AS `category`,
    `channel` AS `channel`,
    `transaction_id` AS `transaction_id`,
    `loaded_at` AS `loaded_at`,
    CAST(`at` AS TIMESTAMP_NTZ) AS `at`,
    ROUND((
      CAST(`amount` AS DOUBLE) * 100.0
    ), 0) AS `cents`,
    (
      CAST((
        (
          (
            CAST(YEAR(`at`) AS DOUBLE) - 1
          ) * 365
        ) + (
          (
            FLOOR((
              (
                (
                  CAST(YEAR(`at`) AS DOUBLE) - 1
                ) + 0.5
              ) * 0.25
            )) - FLOOR((
              (
                (
                  CAST(YEAR(`at`) AS DOUBLE) - 1
                ) + 0.5
              ) * 0.01
            ))
          ) + FLOOR((
            (
              (
                CAST(YEAR(`at`) AS DOUBLE) - 1
              ) + 0.5
            ) * 0.0025
          ))
        )
      ) AS BIGINT) + CAST(DAYOFYEAR(`at`) AS BIGINT)
    ) AS `day`,
    (
      (
        CAST(YEAR(`at`) AS BIGINT) * 12
      ) + CAST(MONTH(`at`) AS BIGINT)
    ) AS `month`,
    ROUND((
      CAST(`balance_after` AS DOUBLE) * 100.0
    ), 0) AS `balance`,
    LENGTH(`transaction_id`) AS `id_length`
  FROM `t30290572`
), `t40637291` AS (
  SELECT
    `row` AS `row`,
    `customer_id` AS `customer_id`,
    `as_of` AS `as_of`,
    (
      CAST((
        (
          (
            CAST(YEAR(`as_of`) AS DOUBLE) - 1
          ) * 365
        ) + (
          (
            FLOOR((
              (
                (
                  CAST(YEAR(`as_of`) AS DOUBLE) - 1
                ) + 0.5
              ) * 0.25
            )) - FLOOR((
              (
                (
                  CAST(YEAR(`as_of`) AS DOUBLE) - 1
                ) + 0.5
              ) * 0.01
            ))
          ) + FLOOR((
            (
              (
                CAST(YEAR(`as_of`) AS DOUBLE) - 1
              ) + 0.5
            ) * 0.0025
          ))
        )
      ) AS BIGINT) + CAST(DAYOFYEAR(`as_of`) AS BIGINT)
    ) AS `as_of_day`,
    (
      (
        CAST(YEAR(`as_of`) AS BIGINT) * 12
      ) + CAST(MONTH(`as_of`) AS BIGINT)
    ) AS `as_of_month`
  FROM `t13830978`
  WHERE
    NOT (
      ISNULL(`as_of`)
    )
), `t39396831` AS (
  SELECT
    `customer_id` AS `customer_id`,
    `row` AS `row`,
    `as_of` AS `as_of`,
    `as_of_day` AS `as_of_day`,
    `as_of_month` AS `as_of_month`
  FROM `t40637291`
), `t31474632` AS (
  SELECT
    `t30634094`.`customer_id`,
    `t30634094`.`category`,
    `t30634094`.`channel`,
    `t30634094`.`transaction_id`,
    `t30634094`.`loaded_at`,
    `t30634094`.`at`,
    `t30634094`.`cents`,
    `t30634094`.`day`,
    `t30634094`.`month`,
    `t30634094`.`balance`,
    `t30634094`.`id_length`,
    `t39396831`.`row`,
    `t39396831`.`as_of`,
    `t39396831`.`as_of_day`,
    `t39396831`.`as_of_month`
  FROM `t30634094`
  INNER JOIN `t39396831`
    ON `t30634094`.`customer_id` = `t39396831`.`customer_id`
), `t29843575` AS (
  SELECT
    `customer_id`,
    `category`,
    `channel`,
    `transaction_id`,
    `loaded_at`,
    `at`,
    `cents`,
    `day`,
    `month`,
    `balance`,
    `id_length`,
    `row`,
    `as_of`,
    `as_of_day`,
    `as_of_month`,
    ABS(`cents`) AS `size`,
    (
      `as_of_day` - `day`
    ) AS `days`,
    (
      `as_of_month` - `month`
    ) AS `months`,
    1 AS `one`
  FROM `t31474632`
  WHERE
    CAST(`at` AS TIMESTAMP_NTZ) < `as_of`
    AND CAST(`loaded_at` AS TIMESTAMP_NTZ) <= `as_of`
), `t88035130` AS (
  SELECT
    `customer_id`,
    `category`,
    `channel`,
    `transaction_id`,
    `loaded_at`,
    `at`,
    `cents`,
    `day`,
    `month`,
    `balance`,
    `id_length`,
    `row`,
    `as_of`,
    `as_of_day`,
    `as_of_month`,
    `size`,
    `days`,
    `months`,
    `one`,
    `days` <= 30 AS `in_30d`,
    `days` <= 90 AS `in_90d`,
    `days` <= 365 AS `in_365d`,
    CASE
      WHEN NOT `one` IS NULL
      THEN SUM(`one`) OVER (
        PARTITION BY `row`
        ORDER BY `at` DESC, `id_length` DESC, `transaction_id` DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS `nth`
  FROM `t29843575`
), `t15555414` AS (
  SELECT
    `customer_id`,
    `category`,
    `channel`,
    `transaction_id`,
    `loaded_at`,
    `at`,
    `cents`,
    `day`,
    `month`,
    `balance`,
    `id_length`,
    `row`,
    `as_of`,
    `as_of_day`,
    `as_of_month`,
    `size`,
    `days`,
    `months`,
    `one`,
    `in_30d`,
    `in_90d`,
    `in_365d`,
    `nth`
  FROM `t88035130`
), `t21337225` AS (
  SELECT
    `row`,
    COALESCE(SUM(CASE WHEN `in_30d` THEN `one` END), 0) AS `count_30d`,
    COALESCE(SUM(CASE WHEN `in_30d` THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `in_30d`,
    COALESCE(SUM(CASE WHEN `in_30d` THEN CASE WHEN `cents` < 0 THEN `size` END END), 0) AS `out_30d`,
    COALESCE(SUM(CASE WHEN `in_30d` THEN (
      `size` * `size`
    ) END), 0) AS `squares_30d`,
    MAX(CASE WHEN `in_30d` THEN `size` END) AS `largest_30d`,
    COALESCE(SUM(CASE WHEN `in_90d` THEN `one` END), 0) AS `count_90d`,
    COALESCE(SUM(CASE WHEN `in_90d` THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `in_90d`,
    COALESCE(SUM(CASE WHEN `in_90d` THEN CASE WHEN `cents` < 0 THEN `size` END END), 0) AS `out_90d`,
    COALESCE(SUM(CASE WHEN `in_90d` THEN (
      `size` * `size`
    ) END), 0) AS `squares_90d`,
    MAX(CASE WHEN `in_90d` THEN `size` END) AS `largest_90d`,
    COALESCE(SUM(CASE WHEN `in_365d` THEN `one` END), 0) AS `count_365d`,
    COALESCE(SUM(CASE WHEN `in_365d` THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `in_365d`,
    COALESCE(SUM(CASE WHEN `in_365d` THEN CASE WHEN `cents` < 0 THEN `size` END END), 0) AS `out_365d`,
    COALESCE(SUM(CASE WHEN `in_365d` THEN (
      `size` * `size`
    ) END), 0) AS `squares_365d`,
    MAX(CASE WHEN `in_365d` THEN `size` END) AS `largest_365d`,
    COALESCE(SUM(`one`), 0) AS `count_all`,
    COALESCE(SUM(CASE WHEN `cents` > 0 THEN `cents` END), 0) AS `in_all`,
    COALESCE(SUM(CASE WHEN `cents` < 0 THEN `size` END), 0) AS `out_all`,
    COALESCE(SUM((
      `size` * `size`
    )), 0) AS `squares_all`,
    MAX(`size`) AS `largest_all`,
    MIN(`days`) AS `recency`,
    MAX(`days`) AS `history`,
    MAX(`months`) AS `history_months`,
    (
      COUNT(DISTINCT `month`) + MAX(CASE WHEN ISNULL(`month`) THEN 1 ELSE 0 END)
    ) AS `active_all`,
    (
      COUNT(DISTINCT CASE WHEN `in_365d` THEN `month` END) + MAX(CASE WHEN ISNULL(CASE WHEN `in_365d` THEN `month` END) THEN 1 ELSE 0 END)
    ) AS `active_365d`,
    COALESCE(SUM(CASE WHEN `nth` <= 5 THEN `size` END), 0) AS `size_last`,
    COALESCE(SUM(CASE WHEN `nth` <= 5 THEN `one` END), 0) AS `count_last`,
    MAX(CASE WHEN `nth` <= 5 THEN `days` END) AS `days_last`,
    COALESCE(SUM(CASE WHEN `months` = 1 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_1`,
    COALESCE(SUM(CASE WHEN `months` = 2 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_2`,
    COALESCE(SUM(CASE WHEN `months` = 3 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_3`,
    COALESCE(SUM(CASE WHEN `months` = 4 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_4`,
    COALESCE(SUM(CASE WHEN `months` = 5 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_5`,
    COALESCE(SUM(CASE WHEN `months` = 6 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_6`,
    COALESCE(SUM(CASE WHEN `months` = 7 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_7`,
    COALESCE(SUM(CASE WHEN `months` = 8 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_8`,
    COALESCE(SUM(CASE WHEN `months` = 9 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_9`,
    COALESCE(SUM(CASE WHEN `months` = 10 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_10`,
    COALESCE(SUM(CASE WHEN `months` = 11 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_11`,
    COALESCE(SUM(CASE WHEN `months` = 12 THEN CASE WHEN `cents` > 0 THEN `cents` END END), 0) AS `income_12`,
    COALESCE(
      SUM(
        CASE
          WHEN CASE WHEN ISNULL(`channel`) THEN NULL ELSE `channel` IN ('card') END
          THEN CASE WHEN `in_365d` THEN CASE WHEN `cents` < 0 THEN `size` END END
        END
      ),
      0
    ) AS `spent_share_channel_card_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN CASE WHEN ISNULL(`category`) THEN NULL ELSE `category` IN ('food') END
          THEN CASE WHEN `in_365d` THEN CASE WHEN `cents` < 0 THEN `size` END END
        END
      ),
      0
    ) AS `spent_share_category_food_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN CASE WHEN ISNULL(`category`) THEN NULL ELSE `category` IN ('rent') END
          THEN CASE WHEN `in_365d` THEN CASE WHEN `cents` < 0 THEN `size` END END
        END
      ),
      0
    ) AS `spent_share_category_rent_365d`,
    MAX(CASE WHEN `nth` = 1 THEN `balance` END) AS `balance_at_last`,
    COUNT(CASE WHEN `in_90d` THEN `balance` END) AS `balances_90d`,
    COALESCE(SUM(CASE WHEN `in_90d` THEN `balance` END), 0) AS `balance_sum_90d`,
    MIN(CASE WHEN `in_90d` THEN `balance` END) AS `balance_low_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN `in_90d`
          THEN CASE WHEN NOT (
            ISNULL(`balance`)
          ) THEN CAST(`days` AS DOUBLE) END
        END
      ),
      0
    ) AS `day_sum_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN `in_90d`
          THEN (
            CASE WHEN NOT (
              ISNULL(`balance`)
            ) THEN CAST(`days` AS DOUBLE) END * CASE WHEN NOT (
              ISNULL(`balance`)
            ) THEN CAST(`days` AS DOUBLE) END
          )
        END
      ),
      0
    ) AS `day_squares_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN `in_90d`
          THEN (
            CASE WHEN NOT (
              ISNULL(`balance`)
            ) THEN CAST(`days` AS DOUBLE) END * `balance`
          )
        END
      ),
      0
    ) AS `day_balance_90d`,
    (
      COUNT(DISTINCT CASE WHEN `in_90d` THEN CASE WHEN `balance` < 0 THEN `days` END END) + MAX(
        CASE
          WHEN ISNULL(CASE WHEN `in_90d` THEN CASE WHEN `balance` < 0 THEN `days` END END)
          THEN 1
          ELSE 0
        END
      )
    ) AS `below_90d`,
    COUNT(CASE WHEN `in_90d` THEN CASE WHEN `balance` < 0 THEN `days` END END) AS `bookings_below_90d`,
    COUNT(CASE WHEN `in_365d` THEN `balance` END) AS `balances_365d`,
    COALESCE(SUM(CASE WHEN `in_365d` THEN `balance` END), 0) AS `balance_sum_365d`,
    MIN(CASE WHEN `in_365d` THEN `balance` END) AS `balance_low_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN `in_365d`
          THEN CASE WHEN NOT (
            ISNULL(`balance`)
          ) THEN CAST(`days` AS DOUBLE) END
        END
      ),
      0
    ) AS `day_sum_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN `in_365d`
          THEN (
            CASE WHEN NOT (
              ISNULL(`balance`)
            ) THEN CAST(`days` AS DOUBLE) END * CASE WHEN NOT (
              ISNULL(`balance`)
            ) THEN CAST(`days` AS DOUBLE) END
          )
        END
      ),
      0
    ) AS `day_squares_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN `in_365d`
          THEN (
            CASE WHEN NOT (
              ISNULL(`balance`)
            ) THEN CAST(`days` AS DOUBLE) END * `balance`
          )
        END
      ),
      0
    ) AS `day_balance_365d`,
    (
      COUNT(DISTINCT CASE WHEN `in_365d` THEN CASE WHEN `balance` < 0 THEN `days` END END) + MAX(
        CASE
          WHEN ISNULL(CASE WHEN `in_365d` THEN CASE WHEN `balance` < 0 THEN `days` END END)
          THEN 1
          ELSE 0
        END
      )
    ) AS `below_365d`,
    COUNT(CASE WHEN `in_365d` THEN CASE WHEN `balance` < 0 THEN `days` END END) AS `bookings_below_365d`
  FROM `t15555414`
  GROUP BY
    `row`
), `t31505061` AS (
  SELECT
    `row` AS `row`,
    `count_30d` AS `count_30d`,
    `in_30d` AS `in_30d`,
    `out_30d` AS `out_30d`,
    `squares_30d` AS `squares_30d`,
    `largest_30d` AS `largest_30d`,
    `count_90d` AS `count_90d`,
    `in_90d` AS `in_90d`,
    `out_90d` AS `out_90d`,
    `squares_90d` AS `squares_90d`,
    `largest_90d` AS `largest_90d`,
    `count_365d` AS `count_365d`,
    `in_365d` AS `in_365d`,
    `out_365d` AS `out_365d`,
    `squares_365d` AS `squares_365d`,
    `largest_365d` AS `largest_365d`,
    `count_all` AS `count_all`,
    `in_all` AS `in_all`,
    `out_all` AS `out_all`,
    `squares_all` AS `squares_all`,
    `largest_all` AS `largest_all`,
    `recency` AS `recency`,
    `history` AS `history`,
    `history_months` AS `history_months`,
    `active_all` AS `active_all`,
    `active_365d` AS `active_365d`,
    `size_last` AS `size_last`,
    `count_last` AS `count_last`,
    `days_last` AS `days_last`,
    `income_1` AS `income_1`,
    `income_2` AS `income_2`,
    `income_3` AS `income_3`,
    `income_4` AS `income_4`,
    `income_5` AS `income_5`,
    `income_6` AS `income_6`,
    `income_7` AS `income_7`,
    `income_8` AS `income_8`,
    `income_9` AS `income_9`,
    `income_10` AS `income_10`,
    `income_11` AS `income_11`,
    `income_12` AS `income_12`,
    `spent_share_channel_card_365d` AS `spent_share_channel_card_365d`,
    `spent_share_category_food_365d` AS `spent_share_category_food_365d`,
    `spent_share_category_rent_365d` AS `spent_share_category_rent_365d`,
    `balance_at_last` AS `balance_at_last`,
    `balances_90d` AS `balances_90d`,
    `balance_sum_90d` AS `balance_sum_90d`,
    `balance_low_90d` AS `balance_low_90d`,
    `day_sum_90d` AS `day_sum_90d`,
    `day_squares_90d` AS `day_squares_90d`,
    `day_balance_90d` AS `day_balance_90d`,
    `below_90d` AS `below_90d`,
    `bookings_below_90d` AS `bookings_below_90d`,
    `balances_365d` AS `balances_365d`,
    `balance_sum_365d` AS `balance_sum_365d`,
    `balance_low_365d` AS `balance_low_365d`,
    `day_sum_365d` AS `day_sum_365d`,
    `day_squares_365d` AS `day_squares_365d`,
    `day_balance_365d` AS `day_balance_365d`,
    `below_365d` AS `below_365d`,
    `bookings_below_365d` AS `bookings_below_365d`
  FROM `t21337225`
), `t16705853` AS (
  SELECT
    `row`,
    `count_30d`,
    `in_30d`,
    `out_30d`,
    `squares_30d`,
    `largest_30d`,
    `count_90d`,
    `in_90d`,
    `out_90d`,
    `squares_90d`,
    `largest_90d`,
    `count_365d`,
    `in_365d`,
    `out_365d`,
    `squares_365d`,
    `largest_365d`,
    `count_all`,
    `in_all`,
    `out_all`,
    `squares_all`,
    `largest_all`,
    `recency`,
    `history`,
    `history_months`,
    `active_all`,
    `active_365d`,
    `size_last`,
    `count_last`,
    `days_last`,
    `income_1`,
    `income_2`,
    `income_3`,
    `income_4`,
    `income_5`,
    `income_6`,
    `income_7`,
    `income_8`,
    `income_9`,
    `income_10`,
    `income_11`,
    `income_12`,
    `spent_share_channel_card_365d`,
    `spent_share_category_food_365d`,
    `spent_share_category_rent_365d`,
    `balance_at_last`,
    `balances_90d`,
    `balance_sum_90d`,
    `balance_low_90d`,
    `day_sum_90d`,
    `day_squares_90d`,
    `day_balance_90d`,
    `below_90d`,
    `bookings_below_90d`,
    `balances_365d`,
    `balance_sum_365d`,
    `balance_low_365d`,
    `day_sum_365d`,
    `day_squares_365d`,
    `day_balance_365d`,
    `below_365d`,
    `bookings_below_365d`,
    CAST(`history` AS DOUBLE) AS `history_days`,
    GREATEST((
      LEAST(CAST(`history` AS DOUBLE), 365.0) * 0.03287671232876712
    ), 1.0) AS `months_of_year`,
    LEAST(CAST(`history_months` AS DOUBLE), 12.0) AS `full_months`,
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
                          COALESCE(`income_1`, 0) + COALESCE(`income_2`, 0)
                        ) + COALESCE(`income_3`, 0)
                      ) + COALESCE(`income_4`, 0)
                    ) + COALESCE(`income_5`, 0)
                  ) + COALESCE(`income_6`, 0)
                ) + COALESCE(`income_7`, 0)
              ) + COALESCE(`income_8`, 0)
            ) + COALESCE(`income_9`, 0)
          ) + COALESCE(`income_10`, 0)
        ) + COALESCE(`income_11`, 0)
      ) + COALESCE(`income_12`, 0)
    ) AS `income_total`,
    CAST(`active_all` AS DOUBLE) AS `months_active_all`,
    (
      CAST(`active_365d` AS DOUBLE) - CASE WHEN `count_365d` < `count_all` THEN 1 ELSE 0 END
    ) AS `months_active_365d`
  FROM `t31505061`
), `t17168266` AS (
  SELECT
    `row`,
    `count_30d`,
    `in_30d`,
    `out_30d`,
    `squares_30d`,
    `largest_30d`,
    `count_90d`,
    `in_90d`,
    `out_90d`,
    `squares_90d`,
    `largest_90d`,
    `count_365d`,
    `in_365d`,
    `out_365d`,
    `squares_365d`,
    `largest_365d`,
    `count_all`,
    `in_all`,
    `out_all`,
    `squares_all`,
    `largest_all`,
    `recency`,
    `history`,
    `history_months`,
    `active_all`,
    `active_365d`,
    `size_last`,
    `count_last`,
    `days_last`,
    `income_1`,
    `income_2`,
    `income_3`,
    `income_4`,
    `income_5`,
    `income_6`,
    `income_7`,
    `income_8`,
    `income_9`,
    `income_10`,
    `income_11`,
    `income_12`,
    `spent_share_channel_card_365d`,
    `spent_share_category_food_365d`,
    `spent_share_category_rent_365d`,
    `balance_at_last`,
    `balances_90d`,
    `balance_sum_90d`,
    `balance_low_90d`,
    `day_sum_90d`,
    `day_squares_90d`,
    `day_balance_90d`,
    `below_90d`,
    `bookings_below_90d`,
    `balances_365d`,
    `balance_sum_365d`,
    `balance_low_365d`,
    `day_sum_365d`,
    `day_squares_365d`,
    `day_balance_365d`,
    `below_365d`,
    `bookings_below_365d`,
    `history_days`,
    `months_of_year`,
    `full_months`,
    `income_total`,
    `months_active_all`,
    `months_active_365d`,
    CAST((
      `in_30d` + `out_30d`
    ) AS DOUBLE) AS `ticket_mean_30d_top`,
    CAST((
      CAST(`count_30d` AS DOUBLE) * 100.0
    ) AS DOUBLE) AS `ticket_mean_30d_bottom`,
    CAST(GREATEST(
      (
        (
          CAST(`count_30d` AS DOUBLE) * `squares_30d`
        ) - (
          (
            `in_30d` + `out_30d`
          ) * (
            `in_30d` + `out_30d`
          )
        )
      ),
      0.0
    ) AS DOUBLE) AS `ticket_std_30d_top`,
    CAST((
      (
        CAST(`count_30d` AS DOUBLE) * (
          CAST(`count_30d` AS DOUBLE) - 1
        )
      ) * 10000.0
    ) AS DOUBLE) AS `ticket_std_30d_bottom`,
    CAST((
      `in_90d` + `out_90d`
    ) AS DOUBLE) AS `ticket_mean_90d_top`,
    CAST((
      CAST(`count_90d` AS DOUBLE) * 100.0
    ) AS DOUBLE) AS `ticket_mean_90d_bottom`,
    CAST(GREATEST(
      (
        (
          CAST(`count_90d` AS DOUBLE) * `squares_90d`
        ) - (
          (
            `in_90d` + `out_90d`
          ) * (
            `in_90d` + `out_90d`
          )
        )
      ),
      0.0
    ) AS DOUBLE) AS `ticket_std_90d_top`,
    CAST((
      (
        CAST(`count_90d` AS DOUBLE) * (
          CAST(`count_90d` AS DOUBLE) - 1
        )
      ) * 10000.0
    ) AS DOUBLE) AS `ticket_std_90d_bottom`,
    CAST((
      `in_365d` + `out_365d`
    ) AS DOUBLE) AS `ticket_mean_365d_top`,
    CAST((
      CAST(`count_365d` AS DOUBLE) * 100.0
    ) AS DOUBLE) AS `ticket_mean_365d_bottom`,
    CAST(GREATEST(
      (
        (
          CAST(`count_365d` AS DOUBLE) * `squares_365d`
        ) - (
          (
            `in_365d` + `out_365d`
          ) * (
            `in_365d` + `out_365d`
          )
        )
      ),
      0.0
    ) AS DOUBLE) AS `ticket_std_365d_top`,
    CAST((
      (
        CAST(`count_365d` AS DOUBLE) * (
          CAST(`count_365d` AS DOUBLE) - 1
        )
      ) * 10000.0
    ) AS DOUBLE) AS `ticket_std_365d_bottom`,
    CAST((
      `in_all` + `out_all`
    ) AS DOUBLE) AS `ticket_mean_all_top`,
    CAST((
      CAST(`count_all` AS DOUBLE) * 100.0
    ) AS DOUBLE) AS `ticket_mean_all_bottom`,
    CAST(GREATEST(
      (
        (
          CAST(`count_all` AS DOUBLE) * `squares_all`
        ) - (
          (
            `in_all` + `out_all`
          ) * (
            `in_all` + `out_all`
          )
        )
      ),
      0.0
    ) AS DOUBLE) AS `ticket_std_all_top`,
    CAST((
      (
        CAST(`count_all` AS DOUBLE) * (
          CAST(`count_all` AS DOUBLE) - 1
        )
      ) * 10000.0
    ) AS DOUBLE) AS `ticket_std_all_bottom`,
    CAST((
      `count_30d` * LEAST(`history_days`, 365.0)
    ) AS DOUBLE) AS `count_ratio_30d_365d_top`,
    CAST((
      `count_365d` * LEAST(`history_days`, 30.0)
    ) AS DOUBLE) AS `count_ratio_30d_365d_bottom`,
    CAST((
      `in_30d` * LEAST(`history_days`, 365.0)
    ) AS DOUBLE) AS `money_in_ratio_30d_365d_top`,
    CAST((
      `in_365d` * LEAST(`history_days`, 30.0)
    ) AS DOUBLE) AS `money_in_ratio_30d_365d_bottom`,
    CAST((
      `out_30d` * LEAST(`history_days`, 365.0)
    ) AS DOUBLE) AS `money_out_ratio_30d_365d_top`,
    CAST((
      `out_365d` * LEAST(`history_days`, 30.0)
    ) AS DOUBLE) AS `money_out_ratio_30d_365d_bottom`,
    CAST((
      `count_90d` * LEAST(`history_days`, 365.0)
    ) AS DOUBLE) AS `count_ratio_90d_365d_top`,
    CAST((
      `count_365d` * LEAST(`history_days`, 90.0)
    ) AS DOUBLE) AS `count_ratio_90d_365d_bottom`,
    CAST((
      `in_90d` * LEAST(`history_days`, 365.0)
    ) AS DOUBLE) AS `money_in_ratio_90d_365d_top`,
    CAST((
      `in_365d` * LEAST(`history_days`, 90.0)
    ) AS DOUBLE) AS `money_in_ratio_90d_365d_bottom`,
    CAST((
      `out_90d` * LEAST(`history_days`, 365.0)
    ) AS DOUBLE) AS `money_out_ratio_90d_365d_top`,
    CAST((
      `out_365d` * LEAST(`history_days`, 90.0)
    ) AS DOUBLE) AS `money_out_ratio_90d_365d_bottom`,
    CAST(`out_365d` AS DOUBLE) AS `money_out_to_in_365d_top`,
    CAST(`in_365d` AS DOUBLE) AS `money_out_to_in_365d_bottom`,
    CAST(`count_365d` AS DOUBLE) AS `transactions_per_active_month_365d_top`,
    CAST(`months_active_365d` AS DOUBLE) AS `transactions_per_active_month_365d_bottom`,
    CAST(`count_all` AS DOUBLE) AS `transactions_per_active_month_all_top`,
    CAST(`months_active_all` AS DOUBLE) AS `transactions_per_active_month_all_bottom`,
    CAST(`in_365d` AS DOUBLE) AS `monthly_inflow_365d_top`,
    CAST((
      `months_of_year` * 100.0
    ) AS DOUBLE) AS `monthly_inflow_365d_bottom`,
    CAST(`out_365d` AS DOUBLE) AS `monthly_outflow_365d_top`,
    CAST((
      `months_of_year` * 100.0
    ) AS DOUBLE) AS `monthly_outflow_365d_bottom`,
    CAST(`size_last` AS DOUBLE) AS `ticket_mean_last5_top`,
    CAST((
      `count_last` * 100.0
    ) AS DOUBLE) AS `ticket_mean_last5_bottom`,
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
                          COALESCE(CASE WHEN `income_1` > 0 THEN 1 ELSE 0 END, 0) + COALESCE(CASE WHEN `income_2` > 0 THEN 1 ELSE 0 END, 0)
                        ) + COALESCE(CASE WHEN `income_3` > 0 THEN 1 ELSE 0 END, 0)
                      ) + COALESCE(CASE WHEN `income_4` > 0 THEN 1 ELSE 0 END, 0)
                    ) + COALESCE(CASE WHEN `income_5` > 0 THEN 1 ELSE 0 END, 0)
                  ) + COALESCE(CASE WHEN `income_6` > 0 THEN 1 ELSE 0 END, 0)
                ) + COALESCE(CASE WHEN `income_7` > 0 THEN 1 ELSE 0 END, 0)
              ) + COALESCE(CASE WHEN `income_8` > 0 THEN 1 ELSE 0 END, 0)
            ) + COALESCE(CASE WHEN `income_9` > 0 THEN 1 ELSE 0 END, 0)
          ) + COALESCE(CASE WHEN `income_10` > 0 THEN 1 ELSE 0 END, 0)
        ) + COALESCE(CASE WHEN `income_11` > 0 THEN 1 ELSE 0 END, 0)
      ) + COALESCE(CASE WHEN `income_12` > 0 THEN 1 ELSE 0 END, 0)
    ) AS DOUBLE) AS `income_regularity_365d_top`,
    CAST(`full_months` AS DOUBLE) AS `income_regularity_365d_bottom`,
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
                              WHEN `full_months` >= 1
                              THEN (
                                (
                                  (
                                    `full_months` * `income_1`
                                  ) - `income_total`
                                ) * (
                                  (
                                    `full_months` * `income_1`
                                  ) - `income_total`
                                )
                              )
                              ELSE 0.0
                            END,
                            0
                          ) + COALESCE(
                            CASE
                              WHEN `full_months` >= 2
                              THEN (
                                (
                                  (
                                    `full_months` * `income_2`
                                  ) - `income_total`
                                ) * (
                                  (
                                    `full_months` * `income_2`
                                  ) - `income_total`
                                )
                              )
                              ELSE 0.0
                            END,
                            0
                          )
                        ) + COALESCE(
                          CASE
                            WHEN `full_months` >= 3
                            THEN (
                              (
                                (
                                  `full_months` * `income_3`
                                ) - `income_total`
                              ) * (
                                (
                                  `full_months` * `income_3`
                                ) - `income_total`
                              )
                            )
                            ELSE 0.0
                          END,
                          0
                        )
                      ) + COALESCE(
                        CASE
                          WHEN `full_months` >= 4
                          THEN (
                            (
                              (
                                `full_months` * `income_4`
                              ) - `income_total`
                            ) * (
                              (
                                `full_months` * `income_4`
                              ) - `income_total`
                            )
                          )
                          ELSE 0.0
                        END,
                        0
                      )
                    ) + COALESCE(
                      CASE
                        WHEN `full_months` >= 5
                        THEN (
                          (
                            (
                              `full_months` * `income_5`
                            ) - `income_total`
                          ) * (
                            (
                              `full_months` * `income_5`
                            ) - `income_total`
                          )
                        )
                        ELSE 0.0
                      END,
                      0
                    )
                  ) + COALESCE(
                    CASE
                      WHEN `full_months` >= 6
                      THEN (
                        (
                          (
                            `full_months` * `income_6`
                          ) - `income_total`
                        ) * (
                          (
                            `full_months` * `income_6`
                          ) - `income_total`
                        )
                      )
                      ELSE 0.0
                    END,
                    0
                  )
                ) + COALESCE(
                  CASE
                    WHEN `full_months` >= 7
                    THEN (
                      (
                        (
                          `full_months` * `income_7`
                        ) - `income_total`
                      ) * (
                        (
                          `full_months` * `income_7`
                        ) - `income_total`
                      )
                    )
                    ELSE 0.0
                  END,
                  0
                )
              ) + COALESCE(
                CASE
                  WHEN `full_months` >= 8
                  THEN (
                    (
                      (
                        `full_months` * `income_8`
                      ) - `income_total`
                    ) * (
                      (
                        `full_months` * `income_8`
                      ) - `income_total`
                    )
                  )
                  ELSE 0.0
                END,
                0
              )
            ) + COALESCE(
              CASE
                WHEN `full_months` >= 9
                THEN (
                  (
                    (
                      `full_months` * `income_9`
                    ) - `income_total`
                  ) * (
                    (
                      `full_months` * `income_9`
                    ) - `income_total`
                  )
                )
                ELSE 0.0
              END,
              0
            )
          ) + COALESCE(
            CASE
              WHEN `full_months` >= 10
              THEN (
                (
                  (
                    `full_months` * `income_10`
                  ) - `income_total`
                ) * (
                  (
                    `full_months` * `income_10`
                  ) - `income_total`
                )
              )
              ELSE 0.0
            END,
            0
          )
        ) + COALESCE(
          CASE
            WHEN `full_months` >= 11
            THEN (
              (
                (
                  `full_months` * `income_11`
                ) - `income_total`
              ) * (
                (
                  `full_months` * `income_11`
                ) - `income_total`
              )
            )
            ELSE 0.0
          END,
          0
        )
      ) + COALESCE(
        CASE
          WHEN `full_months` >= 12
          THEN (
            (
              (
                `full_months` * `income_12`
              ) - `income_total`
            ) * (
              (
                `full_months` * `income_12`
              ) - `income_total`
            )
          )
          ELSE 0.0
        END,
        0
      )
    ) AS DOUBLE) AS `income_variation_365d_top`,
    CAST((
      (
        (
          `full_months` - 1
        ) * `income_total`
      ) * `income_total`
    ) AS DOUBLE) AS `income_variation_365d_bottom`,
    CAST(`spent_share_channel_card_365d` AS DOUBLE) AS `share_channel_card_365d_top`,
    CAST(`out_365d` AS DOUBLE) AS `share_channel_card_365d_bottom`,
    CAST(`spent_share_category_food_365d` AS DOUBLE) AS `share_category_food_365d_top`,
    CAST(`out_365d` AS DOUBLE) AS `share_category_food_365d_bottom`,
    CAST(`spent_share_category_rent_365d` AS DOUBLE) AS `share_category_rent_365d_top`,
    CAST(`out_365d` AS DOUBLE) AS `share_category_rent_365d_bottom`,
    CAST(`balance_sum_90d` AS DOUBLE) AS `balance_mean_90d_top`,
    CAST((
      CAST(`balances_90d` AS DOUBLE) * 100.0
    ) AS DOUBLE) AS `balance_mean_90d_bottom`,
    CAST((
      (
        (
          `day_sum_90d` * `balance_sum_90d`
        ) - (
          CAST(`balances_90d` AS DOUBLE) * `day_balance_90d`
        )
      ) * 30.0
    ) AS DOUBLE) AS `balance_trend_90d_top`,
    CAST((
      (
        (
          CAST(`balances_90d` AS DOUBLE) * `day_squares_90d`
        ) - (
          `day_sum_90d` * `day_sum_90d`
        )
      ) * 100.0
    ) AS DOUBLE) AS `balance_trend_90d_bottom`,
    CAST(`balance_sum_365d` AS DOUBLE) AS `balance_mean_365d_top`,
    CAST((
      CAST(`balances_365d` AS DOUBLE) * 100.0
    ) AS DOUBLE) AS `balance_mean_365d_bottom`,
    CAST((
      (
        (
          `day_sum_365d` * `balance_sum_365d`
        ) - (
          CAST(`balances_365d` AS DOUBLE) * `day_balance_365d`
        )
      ) * 30.0
    ) AS DOUBLE) AS `balance_trend_365d_top`,
    CAST((
      (
        (
          CAST(`balances_365d` AS DOUBLE) * `day_squares_365d`
        ) - (
          `day_sum_365d` * `day_sum_365d`
        )
      ) * 100.0
    ) AS DOUBLE) AS `balance_trend_365d_bottom`
  FROM `t16705853`
), `t42636776` AS (
  SELECT
    `row` AS `row`,
    CAST(`count_30d` AS DOUBLE) AS `transactions_count_30d`,
    ROUND((
      `in_30d` * 0.01
    ), 2) AS `money_in_30d`,
    ROUND((
      `out_30d` * 0.01
    ), 2) AS `money_out_30d`,
    CASE
      WHEN `ticket_mean_30d_bottom` <> 0
      THEN CASE
        WHEN `ticket_mean_30d_bottom` <> 0
        THEN TRY_DIVIDE(`ticket_mean_30d_top`, `ticket_mean_30d_bottom`)
        WHEN `ticket_mean_30d_bottom` = 0
        THEN CASE
          WHEN `ticket_mean_30d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `ticket_mean_30d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `ticket_mean_30d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `ticket_mean_30d`,
    ROUND(
      CASE
        WHEN CASE
          WHEN `ticket_std_30d_bottom` <> 0
          THEN CASE
            WHEN `ticket_std_30d_bottom` <> 0
            THEN TRY_DIVIDE(`ticket_std_30d_top`, `ticket_std_30d_bottom`)
            WHEN `ticket_std_30d_bottom` = 0
            THEN CASE
              WHEN `ticket_std_30d_top` = 0
              THEN CAST('NaN' AS FLOAT)
              WHEN `ticket_std_30d_top` > 0
              THEN CAST('inf' AS FLOAT)
              WHEN `ticket_std_30d_top` < 0
              THEN CAST('-inf' AS FLOAT)
            END
          END
        END < 0
        THEN CAST('NaN' AS FLOAT)
        ELSE SQRT(
          CASE
            WHEN `ticket_std_30d_bottom` <> 0
            THEN CASE
              WHEN `ticket_std_30d_bottom` <> 0
              THEN TRY_DIVIDE(`ticket_std_30d_top`, `ticket_std_30d_bottom`)
              WHEN `ticket_std_30d_bottom` = 0
              THEN CASE
                WHEN `ticket_std_30d_top` = 0
                THEN CAST('NaN' AS FLOAT)
                WHEN `ticket_std_30d_top` > 0
                THEN CAST('inf' AS FLOAT)
                WHEN `ticket_std_30d_top` < 0
                THEN CAST('-inf' AS FLOAT)
              END
            END
          END
        )
      END,
      4
    ) AS `ticket_std_30d`,
    ROUND((
      `largest_30d` * 0.01
    ), 2) AS `ticket_max_30d`,
    CAST(`count_90d` AS DOUBLE) AS `transactions_count_90d`,
    ROUND((
      `in_90d` * 0.01
    ), 2) AS `money_in_90d`,
    ROUND((
      `out_90d` * 0.01
    ), 2) AS `money_out_90d`,
    CASE
      WHEN `ticket_mean_90d_bottom` <> 0
      THEN CASE
        WHEN `ticket_mean_90d_bottom` <> 0
        THEN TRY_DIVIDE(`ticket_mean_90d_top`, `ticket_mean_90d_bottom`)
        WHEN `ticket_mean_90d_bottom` = 0
        THEN CASE
          WHEN `ticket_mean_90d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `ticket_mean_90d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `ticket_mean_90d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `ticket_mean_90d`,
    ROUND(
      CASE
        WHEN CASE
          WHEN `ticket_std_90d_bottom` <> 0
          THEN CASE
            WHEN `ticket_std_90d_bottom` <> 0
            THEN TRY_DIVIDE(`ticket_std_90d_top`, `ticket_std_90d_bottom`)
            WHEN `ticket_std_90d_bottom` = 0
            THEN CASE
              WHEN `ticket_std_90d_top` = 0
              THEN CAST('NaN' AS FLOAT)
              WHEN `ticket_std_90d_top` > 0
              THEN CAST('inf' AS FLOAT)
              WHEN `ticket_std_90d_top` < 0
              THEN CAST('-inf' AS FLOAT)
            END
          END
        END < 0
        THEN CAST('NaN' AS FLOAT)
        ELSE SQRT(
          CASE
            WHEN `ticket_std_90d_bottom` <> 0
            THEN CASE
              WHEN `ticket_std_90d_bottom` <> 0
              THEN TRY_DIVIDE(`ticket_std_90d_top`, `ticket_std_90d_bottom`)
              WHEN `ticket_std_90d_bottom` = 0
              THEN CASE
                WHEN `ticket_std_90d_top` = 0
                THEN CAST('NaN' AS FLOAT)
                WHEN `ticket_std_90d_top` > 0
                THEN CAST('inf' AS FLOAT)
                WHEN `ticket_std_90d_top` < 0
                THEN CAST('-inf' AS FLOAT)
              END
            END
          END
        )
      END,
      4
    ) AS `ticket_std_90d`,
    ROUND((
      `largest_90d` * 0.01
    ), 2) AS `ticket_max_90d`,
    CAST(`count_365d` AS DOUBLE) AS `transactions_count_365d`,
    ROUND((
      `in_365d` * 0.01
    ), 2) AS `money_in_365d`,
    ROUND((
      `out_365d` * 0.01
    ), 2) AS `money_out_365d`,
    CASE
      WHEN `ticket_mean_365d_bottom` <> 0
      THEN CASE
        WHEN `ticket_mean_365d_bottom` <> 0
        THEN TRY_DIVIDE(`ticket_mean_365d_top`, `ticket_mean_365d_bottom`)
        WHEN `ticket_mean_365d_bottom` = 0
        THEN CASE
          WHEN `ticket_mean_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `ticket_mean_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `ticket_mean_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `ticket_mean_365d`,
    ROUND(
      CASE
        WHEN CASE
          WHEN `ticket_std_365d_bottom` <> 0
          THEN CASE
            WHEN `ticket_std_365d_bottom` <> 0
            THEN TRY_DIVIDE(`ticket_std_365d_top`, `ticket_std_365d_bottom`)
            WHEN `ticket_std_365d_bottom` = 0
            THEN CASE
              WHEN `ticket_std_365d_top` = 0
              THEN CAST('NaN' AS FLOAT)
              WHEN `ticket_std_365d_top` > 0
              THEN CAST('inf' AS FLOAT)
              WHEN `ticket_std_365d_top` < 0
              THEN CAST('-inf' AS FLOAT)
            END
          END
        END < 0
        THEN CAST('NaN' AS FLOAT)
        ELSE SQRT(
          CASE
            WHEN `ticket_std_365d_bottom` <> 0
            THEN CASE
              WHEN `ticket_std_365d_bottom` <> 0
              THEN TRY_DIVIDE(`ticket_std_365d_top`, `ticket_std_365d_bottom`)
              WHEN `ticket_std_365d_bottom` = 0
              THEN CASE
                WHEN `ticket_std_365d_top` = 0
                THEN CAST('NaN' AS FLOAT)
                WHEN `ticket_std_365d_top` > 0
                THEN CAST('inf' AS FLOAT)
                WHEN `ticket_std_365d_top` < 0
                THEN CAST('-inf' AS FLOAT)
              END
            END
          END
        )
      END,
      4
    ) AS `ticket_std_365d`,
    ROUND((
      `largest_365d` * 0.01
    ), 2) AS `ticket_max_365d`,
    CAST(`count_all` AS DOUBLE) AS `transactions_count_all`,
    ROUND((
      `in_all` * 0.01
    ), 2) AS `money_in_all`,
    ROUND((
      `out_all` * 0.01
    ), 2) AS `money_out_all`,
    CASE
      WHEN `ticket_mean_all_bottom` <> 0
      THEN CASE
        WHEN `ticket_mean_all_bottom` <> 0
        THEN TRY_DIVIDE(`ticket_mean_all_top`, `ticket_mean_all_bottom`)
        WHEN `ticket_mean_all_bottom` = 0
        THEN CASE
          WHEN `ticket_mean_all_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `ticket_mean_all_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `ticket_mean_all_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `ticket_mean_all`,
    ROUND(
      CASE
        WHEN CASE
          WHEN `ticket_std_all_bottom` <> 0
          THEN CASE
            WHEN `ticket_std_all_bottom` <> 0
            THEN TRY_DIVIDE(`ticket_std_all_top`, `ticket_std_all_bottom`)
            WHEN `ticket_std_all_bottom` = 0
            THEN CASE
              WHEN `ticket_std_all_top` = 0
              THEN CAST('NaN' AS FLOAT)
              WHEN `ticket_std_all_top` > 0
              THEN CAST('inf' AS FLOAT)
              WHEN `ticket_std_all_top` < 0
              THEN CAST('-inf' AS FLOAT)
            END
          END
        END < 0
        THEN CAST('NaN' AS FLOAT)
        ELSE SQRT(
          CASE
            WHEN `ticket_std_all_bottom` <> 0
            THEN CASE
              WHEN `ticket_std_all_bottom` <> 0
              THEN TRY_DIVIDE(`ticket_std_all_top`, `ticket_std_all_bottom`)
              WHEN `ticket_std_all_bottom` = 0
              THEN CASE
                WHEN `ticket_std_all_top` = 0
                THEN CAST('NaN' AS FLOAT)
                WHEN `ticket_std_all_top` > 0
                THEN CAST('inf' AS FLOAT)
                WHEN `ticket_std_all_top` < 0
                THEN CAST('-inf' AS FLOAT)
              END
            END
          END
        )
      END,
      4
    ) AS `ticket_std_all`,
    ROUND((
      `largest_all` * 0.01
    ), 2) AS `ticket_max_all`,
    CASE
      WHEN `count_ratio_30d_365d_bottom` <> 0
      THEN CASE
        WHEN `count_ratio_30d_365d_bottom` <> 0
        THEN TRY_DIVIDE(`count_ratio_30d_365d_top`, `count_ratio_30d_365d_bottom`)
        WHEN `count_ratio_30d_365d_bottom` = 0
        THEN CASE
          WHEN `count_ratio_30d_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `count_ratio_30d_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `count_ratio_30d_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `count_ratio_30d_365d`,
    CASE
      WHEN `money_in_ratio_30d_365d_bottom` <> 0
      THEN CASE
        WHEN `money_in_ratio_30d_365d_bottom` <> 0
        THEN TRY_DIVIDE(`money_in_ratio_30d_365d_top`, `money_in_ratio_30d_365d_bottom`)
        WHEN `money_in_ratio_30d_365d_bottom` = 0
        THEN CASE
          WHEN `money_in_ratio_30d_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `money_in_ratio_30d_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `money_in_ratio_30d_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `money_in_ratio_30d_365d`,
    CASE
      WHEN `money_out_ratio_30d_365d_bottom` <> 0
      THEN CASE
        WHEN `money_out_ratio_30d_365d_bottom` <> 0
        THEN TRY_DIVIDE(`money_out_ratio_30d_365d_top`, `money_out_ratio_30d_365d_bottom`)
        WHEN `money_out_ratio_30d_365d_bottom` = 0
        THEN CASE
          WHEN `money_out_ratio_30d_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `money_out_ratio_30d_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `money_out_ratio_30d_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `money_out_ratio_30d_365d`,
    CASE
      WHEN `count_ratio_90d_365d_bottom` <> 0
      THEN CASE
        WHEN `count_ratio_90d_365d_bottom` <> 0
        THEN TRY_DIVIDE(`count_ratio_90d_365d_top`, `count_ratio_90d_365d_bottom`)
        WHEN `count_ratio_90d_365d_bottom` = 0
        THEN CASE
          WHEN `count_ratio_90d_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `count_ratio_90d_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `count_ratio_90d_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `count_ratio_90d_365d`,
    CASE
      WHEN `money_in_ratio_90d_365d_bottom` <> 0
      THEN CASE
        WHEN `money_in_ratio_90d_365d_bottom` <> 0
        THEN TRY_DIVIDE(`money_in_ratio_90d_365d_top`, `money_in_ratio_90d_365d_bottom`)
        WHEN `money_in_ratio_90d_365d_bottom` = 0
        THEN CASE
          WHEN `money_in_ratio_90d_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `money_in_ratio_90d_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `money_in_ratio_90d_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `money_in_ratio_90d_365d`,
    CASE
      WHEN `money_out_ratio_90d_365d_bottom` <> 0
      THEN CASE
        WHEN `money_out_ratio_90d_365d_bottom` <> 0
        THEN TRY_DIVIDE(`money_out_ratio_90d_365d_top`, `money_out_ratio_90d_365d_bottom`)
        WHEN `money_out_ratio_90d_365d_bottom` = 0
        THEN CASE
          WHEN `money_out_ratio_90d_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `money_out_ratio_90d_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `money_out_ratio_90d_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `money_out_ratio_90d_365d`,
    CASE
      WHEN `money_out_to_in_365d_bottom` <> 0
      THEN CASE
        WHEN `money_out_to_in_365d_bottom` <> 0
        THEN TRY_DIVIDE(`money_out_to_in_365d_top`, `money_out_to_in_365d_bottom`)
        WHEN `money_out_to_in_365d_bottom` = 0
        THEN CASE
          WHEN `money_out_to_in_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `money_out_to_in_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `money_out_to_in_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `money_out_to_in_365d`,
    `history_days` AS `history_days`,
    `months_active_365d` AS `months_active_365d`,
    `months_active_all` AS `months_active_all`,
    CAST(`recency` AS DOUBLE) AS `recency_days`,
    CASE
      WHEN `monthly_inflow_365d_bottom` <> 0
      THEN CASE
        WHEN `monthly_inflow_365d_bottom` <> 0
        THEN TRY_DIVIDE(`monthly_inflow_365d_top`, `monthly_inflow_365d_bottom`)
        WHEN `monthly_inflow_365d_bottom` = 0
        THEN CASE
          WHEN `monthly_inflow_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `monthly_inflow_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `monthly_inflow_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `monthly_inflow_365d`,
    CASE
      WHEN `monthly_outflow_365d_bottom` <> 0
      THEN CASE
        WHEN `monthly_outflow_365d_bottom` <> 0
        THEN TRY_DIVIDE(`monthly_outflow_365d_top`, `monthly_outflow_365d_bottom`)
        WHEN `monthly_outflow_365d_bottom` = 0
        THEN CASE
          WHEN `monthly_outflow_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `monthly_outflow_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `monthly_outflow_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `monthly_outflow_365d`,
    CASE
      WHEN `ticket_mean_last5_bottom` <> 0
      THEN CASE
        WHEN `ticket_mean_last5_bottom` <> 0
        THEN TRY_DIVIDE(`ticket_mean_last5_top`, `ticket_mean_last5_bottom`)
        WHEN `ticket_mean_last5_bottom` = 0
        THEN CASE
          WHEN `ticket_mean_last5_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `ticket_mean_last5_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `ticket_mean_last5_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `ticket_mean_last5`,
    CAST((
      `days_last` - `recency`
    ) AS DOUBLE) AS `days_spanned_last5`,
    CASE
      WHEN `income_regularity_365d_bottom` <> 0
      THEN CASE
        WHEN `income_regularity_365d_bottom` <> 0
        THEN TRY_DIVIDE(`income_regularity_365d_top`, `income_regularity_365d_bottom`)
        WHEN `income_regularity_365d_bottom` = 0
        THEN CASE
          WHEN `income_regularity_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `income_regularity_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `income_regularity_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `income_regularity_365d`,
    CASE
      WHEN CASE
        WHEN `income_variation_365d_bottom` <> 0
        THEN CASE
          WHEN `income_variation_365d_bottom` <> 0
          THEN TRY_DIVIDE(`income_variation_365d_top`, `income_variation_365d_bottom`)
          WHEN `income_variation_365d_bottom` = 0
          THEN CASE
            WHEN `income_variation_365d_top` = 0
            THEN CAST('NaN' AS FLOAT)
            WHEN `income_variation_365d_top` > 0
            THEN CAST('inf' AS FLOAT)
            WHEN `income_variation_365d_top` < 0
            THEN CAST('-inf' AS FLOAT)
          END
        END
      END < 0
      THEN CAST('NaN' AS FLOAT)
      ELSE SQRT(
        CASE
          WHEN `income_variation_365d_bottom` <> 0
          THEN CASE
            WHEN `income_variation_365d_bottom` <> 0
            THEN TRY_DIVIDE(`income_variation_365d_top`, `income_variation_365d_bottom`)
            WHEN `income_variation_365d_bottom` = 0
            THEN CASE
              WHEN `income_variation_365d_top` = 0
              THEN CAST('NaN' AS FLOAT)
              WHEN `income_variation_365d_top` > 0
              THEN CAST('inf' AS FLOAT)
              WHEN `income_variation_365d_top` < 0
              THEN CAST('-inf' AS FLOAT)
            END
          END
        END
      )
    END AS `income_variation_365d`,
    CASE
      WHEN `transactions_per_active_month_365d_bottom` <> 0
      THEN CASE
        WHEN `transactions_per_active_month_365d_bottom` <> 0
        THEN TRY_DIVIDE(
          `transactions_per_active_month_365d_top`,
          `transactions_per_active_month_365d_bottom`
        )
        WHEN `transactions_per_active_month_365d_bottom` = 0
        THEN CASE
          WHEN `transactions_per_active_month_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `transactions_per_active_month_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `transactions_per_active_month_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `transactions_per_active_month_365d`,
    CASE
      WHEN `transactions_per_active_month_all_bottom` <> 0
      THEN CASE
        WHEN `transactions_per_active_month_all_bottom` <> 0
        THEN TRY_DIVIDE(
          `transactions_per_active_month_all_top`,
          `transactions_per_active_month_all_bottom`
        )
        WHEN `transactions_per_active_month_all_bottom` = 0
        THEN CASE
          WHEN `transactions_per_active_month_all_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `transactions_per_active_month_all_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `transactions_per_active_month_all_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `transactions_per_active_month_all`,
    CASE
      WHEN `share_channel_card_365d_bottom` <> 0
      THEN CASE
        WHEN `share_channel_card_365d_bottom` <> 0
        THEN TRY_DIVIDE(`share_channel_card_365d_top`, `share_channel_card_365d_bottom`)
        WHEN `share_channel_card_365d_bottom` = 0
        THEN CASE
          WHEN `share_channel_card_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `share_channel_card_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `share_channel_card_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `share_channel_card_365d`,
    CASE
      WHEN `share_category_food_365d_bottom` <> 0
      THEN CASE
        WHEN `share_category_food_365d_bottom` <> 0
        THEN TRY_DIVIDE(`share_category_food_365d_top`, `share_category_food_365d_bottom`)
        WHEN `share_category_food_365d_bottom` = 0
        THEN CASE
          WHEN `share_category_food_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `share_category_food_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `share_category_food_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `share_category_food_365d`,
    CASE
      WHEN `share_category_rent_365d_bottom` <> 0
      THEN CASE
        WHEN `share_category_rent_365d_bottom` <> 0
        THEN TRY_DIVIDE(`share_category_rent_365d_top`, `share_category_rent_365d_bottom`)
        WHEN `share_category_rent_365d_bottom` = 0
        THEN CASE
          WHEN `share_category_rent_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `share_category_rent_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `share_category_rent_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `share_category_rent_365d`,
    ROUND((
      `balance_at_last` * 0.01
    ), 2) AS `balance_last`,
    (
      CAST(`below_90d` AS DOUBLE) - CASE WHEN `bookings_below_90d` < `count_all` THEN 1 ELSE 0 END
    ) AS `days_below_zero_90d`,
    ROUND((
      `balance_low_90d` * 0.01
    ), 2) AS `balance_min_90d`,
    CASE
      WHEN `balance_mean_90d_bottom` <> 0
      THEN CASE
        WHEN `balance_mean_90d_bottom` <> 0
        THEN TRY_DIVIDE(`balance_mean_90d_top`, `balance_mean_90d_bottom`)
        WHEN `balance_mean_90d_bottom` = 0
        THEN CASE
          WHEN `balance_mean_90d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `balance_mean_90d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `balance_mean_90d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `balance_mean_90d`,
    ROUND(
      CASE
        WHEN `balance_trend_90d_bottom` <> 0
        THEN CASE
          WHEN `balance_trend_90d_bottom` <> 0
          THEN TRY_DIVIDE(`balance_trend_90d_top`, `balance_trend_90d_bottom`)
          WHEN `balance_trend_90d_bottom` = 0
          THEN CASE
            WHEN `balance_trend_90d_top` = 0
            THEN CAST('NaN' AS FLOAT)
            WHEN `balance_trend_90d_top` > 0
            THEN CAST('inf' AS FLOAT)
            WHEN `balance_trend_90d_top` < 0
            THEN CAST('-inf' AS FLOAT)
          END
        END
      END,
      6
    ) AS `balance_trend_90d`,
    (
      CAST(`below_365d` AS DOUBLE) - CASE WHEN `bookings_below_365d` < `count_all` THEN 1 ELSE 0 END
    ) AS `days_below_zero_365d`,
    ROUND((
      `balance_low_365d` * 0.01
    ), 2) AS `balance_min_365d`,
    CASE
      WHEN `balance_mean_365d_bottom` <> 0
      THEN CASE
        WHEN `balance_mean_365d_bottom` <> 0
        THEN TRY_DIVIDE(`balance_mean_365d_top`, `balance_mean_365d_bottom`)
        WHEN `balance_mean_365d_bottom` = 0
        THEN CASE
          WHEN `balance_mean_365d_top` = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN `balance_mean_365d_top` > 0
          THEN CAST('inf' AS FLOAT)
          WHEN `balance_mean_365d_top` < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END AS `balance_mean_365d`,
    ROUND(
      CASE
        WHEN `balance_trend_365d_bottom` <> 0
        THEN CASE
          WHEN `balance_trend_365d_bottom` <> 0
          THEN TRY_DIVIDE(`balance_trend_365d_top`, `balance_trend_365d_bottom`)
          WHEN `balance_trend_365d_bottom` = 0
          THEN CASE
            WHEN `balance_trend_365d_top` = 0
            THEN CAST('NaN' AS FLOAT)
            WHEN `balance_trend_365d_top` > 0
            THEN CAST('inf' AS FLOAT)
            WHEN `balance_trend_365d_top` < 0
            THEN CAST('-inf' AS FLOAT)
          END
        END
      END,
      6
    ) AS `balance_trend_365d`
  FROM `t17168266`
), `t38410219` AS (
  SELECT
    `row` AS `row`,
    `transactions_count_30d` AS `transactions_count_30d`,
    `money_in_30d` AS `money_in_30d`,
    `money_out_30d` AS `money_out_30d`,
    `ticket_mean_30d` AS `ticket_mean_30d`,
    `ticket_std_30d` AS `ticket_std_30d`,
    `ticket_max_30d` AS `ticket_max_30d`,
    `transactions_count_90d` AS `transactions_count_90d`,
    `money_in_90d` AS `money_in_90d`,
    `money_out_90d` AS `money_out_90d`,
    `ticket_mean_90d` AS `ticket_mean_90d`,
    `ticket_std_90d` AS `ticket_std_90d`,
    `ticket_max_90d` AS `ticket_max_90d`,
    `transactions_count_365d` AS `transactions_count_365d`,
    `money_in_365d` AS `money_in_365d`,
    `money_out_365d` AS `money_out_365d`,
    `ticket_mean_365d` AS `ticket_mean_365d`,
    `ticket_std_365d` AS `ticket_std_365d`,
    `ticket_max_365d` AS `ticket_max_365d`,
    `transactions_count_all` AS `transactions_count_all`,
    `money_in_all` AS `money_in_all`,
    `money_out_all` AS `money_out_all`,
    `ticket_mean_all` AS `ticket_mean_all`,
    `ticket_std_all` AS `ticket_std_all`,
    `ticket_max_all` AS `ticket_max_all`,
    `count_ratio_30d_365d` AS `count_ratio_30d_365d`,
    `money_in_ratio_30d_365d` AS `money_in_ratio_30d_365d`,
    `money_out_ratio_30d_365d` AS `money_out_ratio_30d_365d`,
    `count_ratio_90d_365d` AS `count_ratio_90d_365d`,
    `money_in_ratio_90d_365d` AS `money_in_ratio_90d_365d`,
    `money_out_ratio_90d_365d` AS `money_out_ratio_90d_365d`,
    `money_out_to_in_365d` AS `money_out_to_in_365d`,
    `history_days` AS `history_days`,
    `months_active_365d` AS `months_active_365d`,
    `months_active_all` AS `months_active_all`,
    `recency_days` AS `recency_days`,
    `monthly_inflow_365d` AS `monthly_inflow_365d`,
    `monthly_outflow_365d` AS `monthly_outflow_365d`,
    `ticket_mean_last5` AS `ticket_mean_last5`,
    `days_spanned_last5` AS `days_spanned_last5`,
    `income_regularity_365d` AS `income_regularity_365d`,
    `income_variation_365d` AS `income_variation_365d`,
    `transactions_per_active_month_365d` AS `transactions_per_active_month_365d`,
    `transactions_per_active_month_all` AS `transactions_per_active_month_all`,
    `share_channel_card_365d` AS `share_channel_card_365d`,
    `share_category_food_365d` AS `share_category_food_365d`,
    `share_category_rent_365d` AS `share_category_rent_365d`,
    `balance_last` AS `balance_last`,
    `days_below_zero_90d` AS `days_below_zero_90d`,
    `balance_min_90d` AS `balance_min_90d`,
    `balance_mean_90d` AS `balance_mean_90d`,
    `balance_trend_90d` AS `balance_trend_90d`,
    `days_below_zero_365d` AS `days_below_zero_365d`,
    `balance_min_365d` AS `balance_min_365d`,
    `balance_mean_365d` AS `balance_mean_365d`,
    `balance_trend_365d` AS `balance_trend_365d`
  FROM `t42636776`
), `t27027486` AS (
  SELECT
    `t32516100`.`row`,
    `t32516100`.`customer_id`,
    `t32516100`.`as_of`,
    `t32516100`.`amount`,
    `t32516100`.`term_months`,
    `t32516100`.`annual_rate`,
    `t32516100`.`instalment`,
    `t32516100`.`purpose`,
    `t32516100`.`grade`,
    `t32516100`.`age_years`,
    `t32516100`.`tenure_days`,
    `t32516100`.`annual_income`,
    `t32516100`.`region`,
    `t32516100`.`score`,
    `t32516100`.`earlier_loans_count`,
    `t32516100`.`earlier_defaults_count`,
    `t32516100`.`open_loans_count`,
    `t32516100`.`earlier_amount`,
    `t32516100`.`products_held`,
    `t32516100`.`interactions_view_365d`,
    `t32516100`.`interactions_click_365d`,
    `t32516100`.`interactions_apply_365d`,
    `t32516100`.`interactions_hold_365d`,
    `t32516100`.`interactions_close_365d`,
    `t38410219`.`transactions_count_30d`,
    `t38410219`.`money_in_30d`,
    `t38410219`.`money_out_30d`,
    `t38410219`.`ticket_mean_30d`,
    `t38410219`.`ticket_std_30d`,
    `t38410219`.`ticket_max_30d`,
    `t38410219`.`transactions_count_90d`,
    `t38410219`.`money_in_90d`,
    `t38410219`.`money_out_90d`,
    `t38410219`.`ticket_mean_90d`,
    `t38410219`.`ticket_std_90d`,
    `t38410219`.`ticket_max_90d`,
    `t38410219`.`transactions_count_365d`,
    `t38410219`.`money_in_365d`,
    `t38410219`.`money_out_365d`,
    `t38410219`.`ticket_mean_365d`,
    `t38410219`.`ticket_std_365d`,
    `t38410219`.`ticket_max_365d`,
    `t38410219`.`transactions_count_all`,
    `t38410219`.`money_in_all`,
    `t38410219`.`money_out_all`,
    `t38410219`.`ticket_mean_all`,
    `t38410219`.`ticket_std_all`,
    `t38410219`.`ticket_max_all`,
    `t38410219`.`count_ratio_30d_365d`,
    `t38410219`.`money_in_ratio_30d_365d`,
    `t38410219`.`money_out_ratio_30d_365d`,
    `t38410219`.`count_ratio_90d_365d`,
    `t38410219`.`money_in_ratio_90d_365d`,
    `t38410219`.`money_out_ratio_90d_365d`,
    `t38410219`.`money_out_to_in_365d`,
    `t38410219`.`history_days`,
    `t38410219`.`months_active_365d`,
    `t38410219`.`months_active_all`,
    `t38410219`.`recency_days`,
    `t38410219`.`monthly_inflow_365d`,
    `t38410219`.`monthly_outflow_365d`,
    `t38410219`.`ticket_mean_last5`,
    `t38410219`.`days_spanned_last5`,
    `t38410219`.`income_regularity_365d`,
    `t38410219`.`income_variation_365d`,
    `t38410219`.`transactions_per_active_month_365d`,
    `t38410219`.`transactions_per_active_month_all`,
    `t38410219`.`share_channel_card_365d`,
    `t38410219`.`share_category_food_365d`,
    `t38410219`.`share_category_rent_365d`,
    `t38410219`.`balance_last`,
    `t38410219`.`days_below_zero_90d`,
    `t38410219`.`balance_min_90d`,
    `t38410219`.`balance_mean_90d`,
    `t38410219`.`balance_trend_90d`,
    `t38410219`.`days_below_zero_365d`,
    `t38410219`.`balance_min_365d`,
    `t38410219`.`balance_mean_365d`,
    `t38410219`.`balance_trend_365d`
  FROM `t32516100`
  LEFT OUTER JOIN `t38410219`
    ON `t32516100`.`row` = `t38410219`.`row`
)
SELECT
  `row` AS `row`,
  `customer_id` AS `customer_id`,
  `as_of` AS `as_of`,
  `amount` AS `amount`,
  `term_months` AS `term_months`,
  `annual_rate` AS `annual_rate`,
  `instalment` AS `instalment`,
  `purpose` AS `purpose`,
  `grade` AS `grade`,
  `age_years` AS `age_years`,
  `tenure_days` AS `tenure_days`,
  `annual_income` AS `annual_income`,
  `region` AS `region`,
  `score` AS `score`,
  CASE
    WHEN (
      ISNULL(`earlier_loans_count`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `earlier_loans_count`
  END AS `earlier_loans_count`,
  CASE
    WHEN (
      ISNULL(`earlier_defaults_count`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `earlier_defaults_count`
  END AS `earlier_defaults_count`,
  CASE
    WHEN (
      ISNULL(`open_loans_count`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `open_loans_count`
  END AS `open_loans_count`,
  CASE
    WHEN (
      ISNULL(`earlier_amount`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `earlier_amount`
  END AS `earlier_amount`,
  CASE
    WHEN (
      ISNULL(`products_held`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `products_held`
  END AS `products_held`,
  CASE
    WHEN (
      ISNULL(`interactions_view_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `interactions_view_365d`
  END AS `interactions_view_365d`,
  CASE
    WHEN (
      ISNULL(`interactions_click_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `interactions_click_365d`
  END AS `interactions_click_365d`,
  CASE
    WHEN (
      ISNULL(`interactions_apply_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `interactions_apply_365d`
  END AS `interactions_apply_365d`,
  CASE
    WHEN (
      ISNULL(`interactions_hold_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `interactions_hold_365d`
  END AS `interactions_hold_365d`,
  CASE
    WHEN (
      ISNULL(`interactions_close_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `interactions_close_365d`
  END AS `interactions_close_365d`,
  CASE
    WHEN (
      ISNULL(`transactions_count_30d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `transactions_count_30d`
  END AS `transactions_count_30d`,
  CASE
    WHEN (
      ISNULL(`money_in_30d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_in_30d`
  END AS `money_in_30d`,
  CASE
    WHEN (
      ISNULL(`money_out_30d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_out_30d`
  END AS `money_out_30d`,
  `ticket_mean_30d` AS `ticket_mean_30d`,
  `ticket_std_30d` AS `ticket_std_30d`,
  `ticket_max_30d` AS `ticket_max_30d`,
  CASE
    WHEN (
      ISNULL(`transactions_count_90d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `transactions_count_90d`
  END AS `transactions_count_90d`,
  CASE
    WHEN (
      ISNULL(`money_in_90d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_in_90d`
  END AS `money_in_90d`,
  CASE
    WHEN (
      ISNULL(`money_out_90d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_out_90d`
  END AS `money_out_90d`,
  `ticket_mean_90d` AS `ticket_mean_90d`,
  `ticket_std_90d` AS `ticket_std_90d`,
  `ticket_max_90d` AS `ticket_max_90d`,
  CASE
    WHEN (
      ISNULL(`transactions_count_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `transactions_count_365d`
  END AS `transactions_count_365d`,
  CASE
    WHEN (
      ISNULL(`money_in_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_in_365d`
  END AS `money_in_365d`,
  CASE
    WHEN (
      ISNULL(`money_out_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_out_365d`
  END AS `money_out_365d`,
  `ticket_mean_365d` AS `ticket_mean_365d`,
  `ticket_std_365d` AS `ticket_std_365d`,
  `ticket_max_365d` AS `ticket_max_365d`,
  CASE
    WHEN (
      ISNULL(`transactions_count_all`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `transactions_count_all`
  END AS `transactions_count_all`,
  CASE
    WHEN (
      ISNULL(`money_in_all`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_in_all`
  END AS `money_in_all`,
  CASE
    WHEN (
      ISNULL(`money_out_all`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `money_out_all`
  END AS `money_out_all`,
  `ticket_mean_all` AS `ticket_mean_all`,
  `ticket_std_all` AS `ticket_std_all`,
  `ticket_max_all` AS `ticket_max_all`,
  `count_ratio_30d_365d` AS `count_ratio_30d_365d`,
  `money_in_ratio_30d_365d` AS `money_in_ratio_30d_365d`,
  `money_out_ratio_30d_365d` AS `money_out_ratio_30d_365d`,
  `count_ratio_90d_365d` AS `count_ratio_90d_365d`,
  `money_in_ratio_90d_365d` AS `money_in_ratio_90d_365d`,
  `money_out_ratio_90d_365d` AS `money_out_ratio_90d_365d`,
  `money_out_to_in_365d` AS `money_out_to_in_365d`,
  `history_days` AS `history_days`,
  CASE
    WHEN (
      ISNULL(`months_active_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `months_active_365d`
  END AS `months_active_365d`,
  CASE
    WHEN (
      ISNULL(`months_active_all`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `months_active_all`
  END AS `months_active_all`,
  `recency_days` AS `recency_days`,
  `monthly_inflow_365d` AS `monthly_inflow_365d`,
  `monthly_outflow_365d` AS `monthly_outflow_365d`,
  `ticket_mean_last5` AS `ticket_mean_last5`,
  `days_spanned_last5` AS `days_spanned_last5`,
  `income_regularity_365d` AS `income_regularity_365d`,
  `income_variation_365d` AS `income_variation_365d`,
  `transactions_per_active_month_365d` AS `transactions_per_active_month_365d`,
  `transactions_per_active_month_all` AS `transactions_per_active_month_all`,
  `share_channel_card_365d` AS `share_channel_card_365d`,
  `share_category_food_365d` AS `share_category_food_365d`,
  `share_category_rent_365d` AS `share_category_rent_365d`,
  `balance_last` AS `balance_last`,
  CASE
    WHEN (
      ISNULL(`days_below_zero_90d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `days_below_zero_90d`
  END AS `days_below_zero_90d`,
  `balance_min_90d` AS `balance_min_90d`,
  `balance_mean_90d` AS `balance_mean_90d`,
  `balance_trend_90d` AS `balance_trend_90d`,
  CASE
    WHEN (
      ISNULL(`days_below_zero_365d`) AND NOT (
        ISNULL(`as_of`)
      )
    )
    THEN 0.0
    ELSE `days_below_zero_365d`
  END AS `days_below_zero_365d`,
  `balance_min_365d` AS `balance_min_365d`,
  `balance_mean_365d` AS `balance_mean_365d`,
  `balance_trend_365d` AS `balance_trend_365d`,
  CASE
    WHEN `monthly_inflow_365d` <> 0
    THEN CASE
      WHEN CAST(`monthly_inflow_365d` AS DOUBLE) <> 0
      THEN TRY_DIVIDE(CAST(`instalment` AS DOUBLE), CAST(`monthly_inflow_365d` AS DOUBLE))
      WHEN CAST(`monthly_inflow_365d` AS DOUBLE) = 0
      THEN CASE
        WHEN CAST(`instalment` AS DOUBLE) = 0
        THEN CAST('NaN' AS FLOAT)
        WHEN CAST(`instalment` AS DOUBLE) > 0
        THEN CAST('inf' AS FLOAT)
        WHEN CAST(`instalment` AS DOUBLE) < 0
        THEN CAST('-inf' AS FLOAT)
      END
    END
  END AS `burden_inflow`,
  (
    CASE
      WHEN `annual_income` <> 0
      THEN CASE
        WHEN CAST(`annual_income` AS DOUBLE) <> 0
        THEN TRY_DIVIDE(CAST(`instalment` AS DOUBLE), CAST(`annual_income` AS DOUBLE))
        WHEN CAST(`annual_income` AS DOUBLE) = 0
        THEN CASE
          WHEN CAST(`instalment` AS DOUBLE) = 0
          THEN CAST('NaN' AS FLOAT)
          WHEN CAST(`instalment` AS DOUBLE) > 0
          THEN CAST('inf' AS FLOAT)
          WHEN CAST(`instalment` AS DOUBLE) < 0
          THEN CAST('-inf' AS FLOAT)
        END
      END
    END * 12.0
  ) AS `burden_income`,
  CASE
    WHEN `annual_income` <> 0
    THEN CASE
      WHEN CAST(`annual_income` AS DOUBLE) <> 0
      THEN TRY_DIVIDE(CAST(`amount` AS DOUBLE), CAST(`annual_income` AS DOUBLE))
      WHEN CAST(`annual_income` AS DOUBLE) = 0
      THEN CASE
        WHEN CAST(`amount` AS DOUBLE) = 0
        THEN CAST('NaN' AS FLOAT)
        WHEN CAST(`amount` AS DOUBLE) > 0
        THEN CAST('inf' AS FLOAT)
        WHEN CAST(`amount` AS DOUBLE) < 0
        THEN CAST('-inf' AS FLOAT)
      END
    END
  END AS `amount_to_income`
FROM `t27027486`
