-- Runs as they were known at one time (as_of: timestamptz) whose axis box meets one of the boxes of a work.
-- x0, y0, x1, y1: corners of the boxes, grown for ordinary runs: wide and vague by at most width_m and sigma_m.
-- The few runs beyond that are looked for in boxes grown further, by as much as the widest and vaguest of them
-- asks (factor: k of the verdict); small partial indexes tell how much, almost always nothing.
-- less_m: how much smaller each box is for narrow runs (no wider than narrow_mm with their spread, no vaguer than
-- narrow_sigma_m): most runs of a city; those that only the ordinary box meets stay behind.
-- Sigma is compared as a difference: with statistics of its own the statement would be planned anew each time.
-- wide_kinds, wide_mm: kinds that may be wider than width_m where no size is known, and how wide.
-- Lines with protection or control zones are looked for farther: trunks (ix_networks_run_trunk) by trunk_m, and where a city's
-- table asks it lines of other_kinds by other_m; null: no farther. near_kinds: not left behind for being narrow.
-- Lists of kinds stand as answers of their own: with their lengths known the statement would be planned anew each time.
-- A bitmap scan over the array of boxes yields each run once, so nothing has to be made distinct.
with beyond as materialized (
    select (select max(sigma_plan_m) from networks_run where sigma_plan_m > 0.5) as sigma_m,
           (select max(outer_width_mm) from networks_run where outer_width_mm > 3000) as width_mm,
           (select max(outer_spread_mm) from networks_run where outer_spread_mm > 500) as spread_mm,
           (select max(most_mm)
              from unnest(cast(:wide_kinds as text[]), cast(:wide_mm as float8[])) as wide (kind, most_mm)
             where exists (select from networks_run as run
                            where run.outer_width_mm is null and run.kind = wide.kind)) as assumed_mm
), further as materialized (
    -- Once for half the width, once for a clearance that a tunnel asks of its own width.
    select 1.5 * greatest(greatest(coalesce(width_mm, 0), 3000) / 1000.0
                          + greatest(coalesce(spread_mm, 0), 500) / 1000.0 - :width_m,
                          coalesce(assumed_mm, 0) / 1000.0 - :width_m, 0)
           + :factor * greatest(coalesce(sigma_m, 0) - :sigma_m, 0) as grow_m
      from beyond
     where sigma_m is not null or width_mm is not null or spread_mm is not null or assumed_mm is not null
)
select object_id,
       axis,
       array_send(crown_m),
       array_send(bottom_m),
       array_send(ground_m),
       kind,
       pressure_class,
       voltage_kv,
       burial,
       material,
       nominal_width_mm,
       outer_width_mm,
       outer_height_mm,
       outer_spread_mm,
       sigma_plan_m,
       sigma_level_m,
       life_state,
       coalesce(from_node_id, 0),
       coalesce(to_node_id, 0),
       coalesce(bank_id, 0),
       label,
       owner,
       surveyed_on,
       (select case when jsonb_exists(crs, 'displaced') then '1' else '0' end || cast(is_invented as int) || name
          from networks_batch where id = batch_id)
  from networks_run
 where known_from <= :as_of
   and (known_to is null or known_to > :as_of)
   and (axis && any (array(
            select st_makeenvelope(x0, y0, x1, y1, 4548)
              from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                          cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
        or (axis && any (array(
                select st_makeenvelope(x0 - grow_m, y0 - grow_m, x1 + grow_m, y1 + grow_m, 4548)
                  from further,
                       unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                              cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
            and (sigma_plan_m > 0.5 or outer_width_mm > 3000 or outer_spread_mm > 500
                 or (outer_width_mm is null and kind = any (cast(:wide_kinds as text[])))))
        or (axis && any (array(
                select st_makeenvelope(x0 - m, y0 - m, x1 + m, y1 + m, 4548)
                  from (select cast(:trunk_m as float8) + coalesce((select grow_m from further), 0) as m) as more,
                       unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                              cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
            and (kind = 'industrial' or (kind = 'gas' and (pressure_class is null or pressure_class not in ('low', 'medium', 'medium_A', 'medium_B') or outer_width_mm + outer_spread_mm > 2000))))
        or (axis && any (array(
                select st_makeenvelope(x0 - m, y0 - m, x1 + m, y1 + m, 4548)
                  from (select cast(:other_m as float8) + coalesce((select grow_m from further), 0) as m) as more,
                       unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                              cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)
                 where m is not null))
            and kind = any (array(select unnest(cast(:other_kinds as text[]))))))
   and (kind = any (array(select unnest(cast(:near_kinds as text[])))) or outer_width_mm is null or outer_width_mm + outer_spread_mm > :narrow_mm or sigma_plan_m - :narrow_sigma_m > 0
        or axis && any (array(
            select st_makeenvelope(x0 + less_m, y0 + less_m, x1 - less_m, y1 - less_m, 4548)
              from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]), cast(:x1 as float8[]),
                          cast(:y1 as float8[]), cast(:less_m as float8[])) as box (x0, y0, x1, y1, less_m))))
