-- The plain-SQL answer to the same question, as one would write it: pairs of the new line with the runs within
-- their clearance, the plan gap, and at every crossing the vertical gap. Known section and levels only; no
-- uncertainty, no stretches, no explanation by crossings, no order, no trench, no coverage.
-- line: WKT of the new line with its crown levels as Z. width: outer width in metres.
with work as (
    select st_force2d(g) as axis, g as solid, :width as width_m from (select st_geomfromtext(:line, 4548) as g) as given
), asked (kind, horizontal_m, vertical_m) as (values
    ('power', 0.5, 0.5), ('telecom', 0.5, 0.5), ('water', 0.5, 0.15), ('gas', 0.5, 0.15),
    ('drainage_foul', 1.2, 0.15), ('drainage_storm', 1.2, 0.15), ('heat', 1.0, 0.15), ('reclaimed', 0.5, 0.15)
)
select run.object_id, run.kind, run.label, run.owner,
       st_distance(run.axis, work.axis) - (run.outer_width_mm / 1000.0 + work.width_m) / 2.0 as gap_m,
       asked.horizontal_m,
       st_astext(st_intersection(run.axis, work.axis)) as crossing,
       case when st_intersects(run.axis, work.axis) then
            st_z(st_lineinterpolatepoint(work.solid,
                 st_linelocatepoint(work.axis, st_pointn(st_intersection(run.axis, work.axis), 1)))) - run.crown_m[1]
       end as above_m,
       asked.vertical_m
  from work
  join networks_run as run
    on st_dwithin(run.axis, work.axis, 1.2 + 1.5 + 0.1 + 0.2)
  join asked on asked.kind = run.kind
 where run.known_to is null
   and run.life_state <> 'disused'
   and st_distance(run.axis, work.axis)
       < asked.horizontal_m + (run.outer_width_mm / 1000.0 + work.width_m) / 2.0 + 2 * sqrt(0.05 ^ 2 + run.sigma_plan_m ^ 2)
