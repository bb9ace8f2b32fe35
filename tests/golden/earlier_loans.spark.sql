WITH `t16076566` AS (
  SELECT
    `loans`.`loan_id` AS `loan_id`,
    `loans`.`customer_id` AS `customer_id`,
    `loans`.`defaulted` AS `defaulted`,
    `loans`.`defaulted_on` AS `defaulted_on`,
    `loans`.`applied_on` AS `applied_on`,
    `loans`.`amount` AS `amount`,
    `loans`.`closed_on` AS `closed_on`
  FROM `loans` AS `loans`
), `t16433472` AS (
  SELECT
    `t54607542_2`.`loan_id` AS `row`,
    CAST(COUNT(CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ)) AS DOUBLE) AS `earlier_loans_count`,
    CAST(COALESCE(
      SUM(
        CASE
          WHEN (
            (
              COALESCE(`t54607542`.`defaulted`, FALSE)
              OR COALESCE(
                CAST(`t54607542`.`defaulted_on` AS TIMESTAMP_NTZ) < CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ),
                FALSE
              )
            )
            AND (
              COALESCE(
                CAST(`t54607542`.`closed_on` AS TIMESTAMP_NTZ) < CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ),
                FALSE
              )
              OR COALESCE(
                CAST(`t54607542`.`defaulted_on` AS TIMESTAMP_NTZ) < CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ),
                FALSE
              )
            )
            AND (
              COALESCE(
                CAST(`t54607542`.`defaulted_on` AS TIMESTAMP_NTZ) < CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ),
                FALSE
              )
              OR ISNULL(CAST(`t54607542`.`defaulted_on` AS TIMESTAMP_NTZ))
            )
          )
          THEN 1
          ELSE 0
        END
      ),
      0
    ) AS DOUBLE) AS `earlier_defaults_count`,
    CAST(COALESCE(
      SUM(
        CASE
          WHEN NOT COALESCE(
            CAST(`t54607542`.`closed_on` AS TIMESTAMP_NTZ) < CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ),
            FALSE
          )
          THEN 1
          ELSE 0
        END
      ),
      0
    ) AS DOUBLE) AS `open_loans_count`,
    TRY_DIVIDE(COALESCE(SUM(ROUND((
      CAST(`t54607542`.`amount` AS DOUBLE) * 100
    ), 0)), 0), 100) AS `earlier_amount`
  FROM `t16076566` AS `t54607542`
  JOIN `t16076566` AS `t54607542_2`
    ON `t54607542`.`customer_id` = `t54607542_2`.`customer_id`
    AND CAST(`t54607542`.`applied_on` AS TIMESTAMP_NTZ) < CAST(`t54607542_2`.`applied_on` AS TIMESTAMP_NTZ)
  GROUP BY
    `t54607542_2`.`loan_id`
)
SELECT
  `t22379611`.`row` AS `row`,
  `t22379611`.`earlier_loans_count` AS `earlier_loans_count`,
  `t22379611`.`earlier_defaults_count` AS `earlier_defaults_count`,
  `t22379611`.`open_loans_count` AS `open_loans_count`,
  `t22379611`.`earlier_amount` AS `earlier_amount`
FROM `t16433472` AS `t22379611`
