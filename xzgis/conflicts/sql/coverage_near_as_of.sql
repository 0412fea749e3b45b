-- Coverage polygons as known at one time whose box meets one of the boxes of a work: version, when it became known, kind.
-- as_of: timestamptz. x0, y0, x1, y1: corners of the boxes.
-- Those of test data of another place, laid over the city, show nothing: nobody looked here.
-- Beside them, with the number of the version below nought, what batches left out (kind NULL: of any): no coverage
-- that was known before shows anything there.
with box as materialized (
    select st_makeenvelope(x0, y0, x1, y1, 4548) as shape
      from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                  cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)
)
select version_id, known_from, kind
  from networks_coverage
 where known_from <= :as_of
   and (known_to is null or known_to > :as_of)
   and area && any (array(select shape from box))
   and not exists (select from networks_batch as batch
                    where batch.id = batch_id and jsonb_exists(batch.crs, 'displaced'))
 union all
select -version_id, known_from, kind
  from networks_unknown_ground
 where known_from <= :as_of
   and (known_to is null or known_to > :as_of)
   and area && any (array(select shape from box))
 order by 1
