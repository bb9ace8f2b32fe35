WITH `t99403040` AS (
  SELECT
    `loans`.`loan_id` AS `row`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 30
          THEN 1
        END
      ),
      0
    ) AS `count_30d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 30
          THEN CASE
            WHEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0) > 0
            THEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0)
          END
        END
      ),
      0
    ) AS `in_30d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 30
          THEN CASE
            WHEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0) < 0
            THEN ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0))
          END
        END
      ),
      0
    ) AS `out_30d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 30
          THEN (
            ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0)) * ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0))
          )
        END
      ),
      0
    ) AS `squares_30d`,
    MAX(
      CASE
        WHEN (
          (
            (
              CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
            ) * 365 + (
              FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 4)
              ) - FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 100)
              )
            ) + FLOOR(
              TRY_DIVIDE((
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ), 400)
            ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
          ) - (
            (
              CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
            ) * 365 + (
              FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 4)) - FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 100))
            ) + FLOOR(TRY_DIVIDE((
              CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
            ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
          )
        ) <= 30
        THEN ABS(ROUND((
          CAST(`transactions`.`amount` AS DOUBLE) * 100.0
        ), 0))
      END
    ) AS `largest_30d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 90
          THEN 1
        END
      ),
      0
    ) AS `count_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 90
          THEN CASE
            WHEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0) > 0
            THEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0)
          END
        END
      ),
      0
    ) AS `in_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 90
          THEN CASE
            WHEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0) < 0
            THEN ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0))
          END
        END
      ),
      0
    ) AS `out_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 90
          THEN (
            ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0)) * ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0))
          )
        END
      ),
      0
    ) AS `squares_90d`,
    MAX(
      CASE
        WHEN (
          (
            (
              CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
            ) * 365 + (
              FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 4)
              ) - FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 100)
              )
            ) + FLOOR(
              TRY_DIVIDE((
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ), 400)
            ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
          ) - (
            (
              CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
            ) * 365 + (
              FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 4)) - FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 100))
            ) + FLOOR(TRY_DIVIDE((
              CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
            ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
          )
        ) <= 90
        THEN ABS(ROUND((
          CAST(`transactions`.`amount` AS DOUBLE) * 100.0
        ), 0))
      END
    ) AS `largest_90d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 365
          THEN 1
        END
      ),
      0
    ) AS `count_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 365
          THEN CASE
            WHEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0) > 0
            THEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0)
          END
        END
      ),
      0
    ) AS `in_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 365
          THEN CASE
            WHEN ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0) < 0
            THEN ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0))
          END
        END
      ),
      0
    ) AS `out_365d`,
    COALESCE(
      SUM(
        CASE
          WHEN (
            (
              (
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 4)
                ) - FLOOR(
                  TRY_DIVIDE((
                    CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                  ), 100)
                )
              ) + FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 400)
              ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
            ) - (
              (
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ) * 365 + (
                FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 4)) - FLOOR(TRY_DIVIDE((
                  CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
                ), 100))
              ) + FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
            )
          ) <= 365
          THEN (
            ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0)) * ABS(ROUND((
              CAST(`transactions`.`amount` AS DOUBLE) * 100.0
            ), 0))
          )
        END
      ),
      0
    ) AS `squares_365d`,
    MAX(
      CASE
        WHEN (
          (
            (
              CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
            ) * 365 + (
              FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 4)
              ) - FLOOR(
                TRY_DIVIDE((
                  CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
                ), 100)
              )
            ) + FLOOR(
              TRY_DIVIDE((
                CAST(YEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT) - 1
              ), 400)
            ) + CAST(DAYOFYEAR(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ)) AS BIGINT)
          ) - (
            (
              CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
            ) * 365 + (
              FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 4)) - FLOOR(TRY_DIVIDE((
                CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
              ), 100))
            ) + FLOOR(TRY_DIVIDE((
              CAST(YEAR(`transactions`.`at`) AS BIGINT) - 1
            ), 400)) + CAST(DAYOFYEAR(`transactions`.`at`) AS BIGINT)
          )
        ) <= 365
        THEN ABS(ROUND((
          CAST(`transactions`.`amount` AS DOUBLE) * 100.0
        ), 0))
      END
    ) AS `largest_365d`,
    COALESCE(SUM(1), 0) AS `count_all`,
    COALESCE(
      SUM(
        CASE
          WHEN ROUND((
            CAST(`transactions`.`amount` AS DOUBLE) * 100.0
          ), 0) > 0
          THEN ROUND((
            CAST(`transactions`.`amount` AS DOUBLE) * 100.0
          ), 0)
        END
      ),
      0
    ) AS `in_all`,
    COALESCE(
      SUM(
        CASE
          WHEN ROUND((
            CAST(`transactions`.`amount` AS DOUBLE) * 100.0
          ), 0) < 0
          THEN ABS(ROUND((
            CAST(`transactions`.`amount` AS DOUBLE) * 100.0
          ), 0))
        END
      ),
      0
    ) AS `out_all`,
    COALESCE(
      SUM(
        (
          ABS(ROUND((
            CAST(`transactions`.`amount` AS DOUBLE) * 100.0
          ), 0)) * ABS(ROUND((
            CAST(`transactions`.`amount` AS DOUBLE) * 100.0
          ), 0))
        )
      ),
      0
    ) AS `squares_all`,
    MAX(ABS(ROUND((
      CAST(`transactions`.`amount` AS DOUBLE) * 100.0
    ), 0))) AS `largest_all`
  FROM `transactions` AS `transactions`
  JOIN `loans` AS `loans`
    ON `loans`.`customer_id` = `transactions`.`customer_id`
    AND CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ) > CAST(`transactions`.`at` AS TIMESTAMP_NTZ)
    AND CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ) >= CAST(`transactions`.`loaded_at` AS TIMESTAMP_NTZ)
    AND NOT ISNULL(CAST(`loans`.`applied_on` AS TIMESTAMP_NTZ))
  GROUP BY
    `loans`.`loan_id`
)
SELECT
  `t20666310`.`row` AS `row`,
  `t20666310`.`count_30d` AS `count_30d`,
  `t20666310`.`in_30d` AS `in_30d`,
  `t20666310`.`out_30d` AS `out_30d`,
  `t20666310`.`squares_30d` AS `squares_30d`,
  `t20666310`.`largest_30d` AS `largest_30d`,
  `t20666310`.`count_90d` AS `count_90d`,
  `t20666310`.`in_90d` AS `in_90d`,
  `t20666310`.`out_90d` AS `out_90d`,
  `t20666310`.`squares_90d` AS `squares_90d`,
  `t20666310`.`largest_90d` AS `largest_90d`,
  `t20666310`.`count_365d` AS `count_365d`,
  `t20666310`.`in_365d` AS `in_365d`,
  `t20666310`.`out_365d` AS `out_365d`,
  `t20666310`.`squares_365d` AS `squares_365d`,
  `t20666310`.`largest_365d` AS `largest_365d`,
  `t20666310`.`count_all` AS `count_all`,
  `t20666310`.`in_all` AS `in_all`,
  `t20666310`.`out_all` AS `out_all`,
  `t20666310`.`squares_all` AS `squares_all`,
  `t20666310`.`largest_all` AS `largest_all`
FROM `t99403040` AS `t20666310`
