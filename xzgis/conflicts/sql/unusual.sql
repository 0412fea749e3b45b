-- The vaguest and the widest run of the register, among those beyond the ordinary bounds; null where none is.
-- Both come from the end of a small partial index.
select (select max(sigma_plan_m) from networks_run where sigma_plan_m > 0.5),
       (select max(outer_width_mm) from networks_run where outer_width_mm > 3000),
       (select max(outer_spread_mm) from networks_run where outer_spread_mm > 500)
