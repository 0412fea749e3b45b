-- Current lines near a work of which no batch told what stands at their points: a chamber may be there.
-- x0, y0, x1, y1: corners of the boxes of a work, grown for the widest chamber at a line no vaguer than sigma_m; the few vaguer
-- ones are looked for farther, as the vaguest of them asks (factor: k of the verdict).
with beyond as materialized (
    select :factor * (max(sigma_plan_m) - :sigma_m) as grow_m from networks_run where sigma_plan_m > 0.5
)
select run.object_id,
       run.kind
  from networks_run as run
  left join networks_batch as batch on batch.id = run.batch_id
 where run.known_to is null
   and (run.axis && any (array(
            select st_makeenvelope(x0, y0, x1, y1, 4548)
              from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                          cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
        or (run.axis && any (array(
                select st_makeenvelope(x0 - grow_m, y0 - grow_m, x1 + grow_m, y1 + grow_m, 4548)
                  from beyond,
                       unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                              cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)
                 where grow_m is not null))
            and run.sigma_plan_m > 0.5))
   and (run.kind = any (batch.points_told)) is not true
