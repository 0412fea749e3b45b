-- Carriageways and footways of no undone batch whose box meets one of the boxes of a work.
-- x0, y0, x1, y1: corners of the boxes.
select road.part, road.shape
  from networks_road as road
  left join networks_batch as batch on batch.id = road.batch_id
 where road.part in ('carriageway', 'footway')
   and st_dimension(road.shape) = 2
   and not coalesce(jsonb_exists(batch.crs, 'displaced'), false) -- test data of another place
   and batch.undone_at is null
   and road.shape && any (array(
           select st_makeenvelope(x0, y0, x1, y1, 4548)
             from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                         cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
 order by road.id
