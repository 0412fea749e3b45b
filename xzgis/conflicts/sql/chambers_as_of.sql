-- Points with an extent near a work as they were known at one time (as_of: timestamptz); else as chambers.sql.
-- Lines are found by place: past versions have no index on their ends.
-- called: a pattern of words that call a point a chamber which no token names, its feature too unless that is a listed
-- one (features); so is one whose depth inside is known. What it is of these is told where the rows are read.
-- tokens: the listed words that call a point one with an extent. x0, y0, x1, y1: corners of the boxes of a work, grown for the widest
-- chamber; those vaguer than sigma_m are looked for farther: further_m, or as the vaguest line or point asks
-- (factor: k of the verdict), and each no farther than its own sigma asks.
-- Of the lines of its kind that end there: what they all are (else nothing), the lowest level of their ends (the crown
-- where the bottom is unknown), the largest depth told of one whose bottom is unknown (told_m), whether such a bottom may lie
-- anywhere (is_open: no depth that can be, no size, a level that contradicts it; 40: DEEPEST_M), and a ground level where the
-- point has none. Of these and of those of the other drains (whose wells are sized by their lines), also
-- of drains that pass within half a metre, the widest in millimetres, where all sizes are known. reach_m: how far the
-- links inside the chamber go, tied to its point or passing it within half a metre, and how far the edge points lie, nearer
-- than edge_m, to which lines go that pass; a line whose nearest place is such a point goes away from the chamber, not
-- through it. An edge point that no such line gives to a chamber as near is one of every chamber of its kind nearer than edge_m
-- (loose). One with a reach may be wider than less_m.
with beyond as materialized (
    select greatest(:further_m, :factor * ((select max(sigma_plan_m) from networks_run where sigma_plan_m > 0.5) - :sigma_m),
                    :factor * ((select max(sigma_plan_m) from networks_node where sigma_plan_m > 0.5) - :sigma_m)) as grow_m
)
select node.object_id,
       st_x(node.place),
       st_y(node.place),
       node.kind,
       node.appurtenance,
       coalesce(node.ground_m, lines.ground_m),
       node.chamber_depth_m,
       node.sigma_plan_m,
       node.sigma_level_m,
       node.life_state,
       coalesce(node.point_no, node.object_id::text),
       node.owner,
       lines.pressure_class,
       lines.voltage_kv,
       lines.burial,
       lines.material,
       lines.nominal_mm,
       lines.widest_mm,
       lines.lowest_m,
       lines.told_m,
       coalesce(lines.is_open, false),
       greatest(lines.reach_m, loose.reach_m),
       lines.surveyed_on,
       node.feature,
       (select case when jsonb_exists(crs, 'displaced') then '1' else '0' end || cast(is_invented as int) || name from networks_batch where id = node.batch_id)
  from networks_node as node
 cross join lateral (
    select case when min(pressure_class) filter (where own) = max(pressure_class) filter (where own) and count(pressure_class) filter (where own) = count(*) filter (where own) then min(pressure_class) filter (where own) end as pressure_class,
           case when min(voltage_kv) filter (where own) = max(voltage_kv) filter (where own) and count(voltage_kv) filter (where own) = count(*) filter (where own) then min(voltage_kv) filter (where own) end as voltage_kv,
           case when min(burial) filter (where own) = max(burial) filter (where own) and count(burial) filter (where own) = count(*) filter (where own) then min(burial) filter (where own) end as burial,
           case when min(material) filter (where own) = max(material) filter (where own) and count(material) filter (where own) = count(*) filter (where own) then min(material) filter (where own) end as material,
           case when min(nominal_width_mm) filter (where own) = max(nominal_width_mm) filter (where own) and count(nominal_width_mm) filter (where own) = count(*) filter (where own) then min(nominal_width_mm) filter (where own) end as nominal_mm,
           case when count(nominal_width_mm) filter (where ends or is_drain) = count(*) filter (where ends or is_drain) then max(greatest(nominal_width_mm, nominal_height_mm)) filter (where ends or is_drain) end as widest_mm,
           min(coalesce(at_end.bottom_m, run.crown_m[at_end.number])) filter (where own) as lowest_m,
           max(told.deepest_m) filter (where own and at_end.bottom_m is null) as told_m,
           bool_or(told.is_open) filter (where own and at_end.bottom_m is null) as is_open,
           max(at_end.ground_m) filter (where own) as ground_m,
           max(case when run.burial = 'chamber_link' then st_maxdistance(node.place, run.axis)
                    when passes and st_length(run.axis) < 2 * :edge_m then (
                          select max(node.place <-> edge.place)
                            from networks_node as edge
                           where edge.object_id in (run.from_node_id, run.to_node_id) and edge.object_id <> node.object_id
                             and edge.known_from <= :as_of and (edge.known_to is null or edge.known_to > :as_of) and edge.feature = 'chamber_edge'
                          having min(node.place <-> edge.place) > (run.axis <-> node.place) + 1e-6 and max(node.place <-> edge.place) < :edge_m) end) as reach_m,
           max(run.surveyed_on) filter (where own) as surveyed_on
      from networks_run as run,
   lateral (select coalesce(run.from_node_id = node.object_id, false) or coalesce(run.to_node_id = node.object_id, false) as ends,
                   st_dwithin(run.axis, node.place, 0.5) as passes) as at_point,
   lateral (select ends and run.kind = node.kind as own, node.kind = any (cast(:drains as text[])) as is_drain) as kinds,
   lateral (select case when run.from_node_id = node.object_id then 1 else st_npoints(run.axis) end as number) as which,
   lateral (select number, run.bottom_m[number] as bottom_m, run.ground_m[number] as ground_m,
                   case when number = 1 then run.start_depth_m else run.end_depth_m end as depth_m,
                   run.ground_m[number] - case when number = 1 then run.start_level_m else run.end_level_m end as by_level_m,
                   case when run.depth_reference in ('invert', 'inner_bottom', 'outer_bottom') and run.nominal_height_mm is not null
                        then run.outer_height_mm - least(run.nominal_height_mm, run.outer_height_mm) else run.outer_height_mm end as below_mm) as at_end,
   lateral (select case when greatest(depth_m, by_level_m) between 0 and 40 then greatest(depth_m, by_level_m) + coalesce(below_mm, 0) / 1000 end as deepest_m,
                   (depth_m between 0 and 40 and below_mm is not null
                    and coalesce(abs(depth_m - by_level_m) <= run.outer_height_mm / 1000 + 0.02, true)) is not true
                   and run.life_state <> 'disused' and run.burial is distinct from 'overhead' as is_open) as told
     where run.known_from <= :as_of and (run.known_to is null or run.known_to > :as_of)
       and (run.kind = node.kind or (is_drain and run.kind = any (cast(:drains as text[]))))
       and run.axis && st_expand(node.place, 5)
       and (ends or passes)
 ) as lines
 cross join lateral (
    select max(node.place <-> edge.place) as reach_m
      from networks_node as edge
     where edge.known_from <= :as_of and (edge.known_to is null or edge.known_to > :as_of) and edge.feature = 'chamber_edge' and edge.object_id <> node.object_id
       and edge.place && st_expand(node.place, :edge_m) and node.place <-> edge.place < :edge_m
       and (edge.kind = node.kind or (edge.kind = any (cast(:drains as text[])) and node.kind = any (cast(:drains as text[]))))
       and not exists (
            select from networks_run as run, networks_node as other
             where run.known_from <= :as_of and (run.known_to is null or run.known_to > :as_of) and run.axis && st_expand(edge.place, 5) and (run.from_node_id = edge.object_id or run.to_node_id = edge.object_id)
               and other.known_from <= :as_of and (other.known_to is null or other.known_to > :as_of) and other.object_id <> edge.object_id
               and other.place && st_expand(run.axis, 0.5) and run.axis <-> other.place <= 0.5
               and other.place <-> edge.place <= node.place <-> edge.place
               and (run.kind = other.kind or (run.kind = any (cast(:drains as text[])) and other.kind = any (cast(:drains as text[]))))
               and (other.appurtenance = any (cast(:tokens as text[])) or other.appurtenance ~* :called
                    or other.feature = any (cast(:tokens as text[])) or (other.feature ~* :called and other.feature <> all (cast(:features as text[])))
                    or other.chamber_depth_m > 0)
               and (run.burial = 'chamber_link'
                    or st_length(run.axis) < 2 * :edge_m and exists (
                          select from networks_node as each
                           where each.object_id in (run.from_node_id, run.to_node_id) and each.object_id <> other.object_id
                             and each.known_from <= :as_of and (each.known_to is null or each.known_to > :as_of) and each.feature = 'chamber_edge'
                          having min(other.place <-> each.place) > (run.axis <-> other.place) + 1e-6 and max(other.place <-> each.place) < :edge_m)))
 ) as loose
 where node.known_from <= :as_of and (node.known_to is null or node.known_to > :as_of)
   and (node.appurtenance = any (cast(:tokens as text[])) or node.appurtenance ~* :called
        or node.feature = any (cast(:tokens as text[])) or (node.feature ~* :called and node.feature <> all (cast(:features as text[])))
        or node.chamber_depth_m > 0)
   and (exists (select from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]), cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1),
                               lateral (select case when node.sigma_plan_m > :sigma_m then :factor * (:sigma_m - node.sigma_plan_m)
                                                     else coalesce((cast(:less_m as float8[]))[array_position(cast(:tokens as text[]), node.appurtenance)], 0) end as m) as less
                    where st_x(node.place) between x0 + less.m and x1 - less.m and st_y(node.place) between y0 + less.m and y1 - less.m)
        or lines.reach_m is not null or loose.reach_m is not null)
   and (node.place && any (array(
            select st_makeenvelope(x0, y0, x1, y1, 4548)
              from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                          cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
        or (node.sigma_plan_m > :sigma_m and node.place && any (array(
            select st_makeenvelope(x0 - grow_m, y0 - grow_m, x1 + grow_m, y1 + grow_m, 4548)
              from beyond, unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                          cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))))
