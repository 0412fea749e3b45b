-- Whether coverage, ground levels or roads of an invented batch lie where a work may have asked them.
-- x0, y0, x1, y1: corners of the boxes of the work. asks_ground, asks_roads: whether it asked them at all; far_m: how
-- far from the work levels of the ground are asked.
-- as_of: timestamptz, infinity for now.
with box as materialized (
    select st_makeenvelope(x0, y0, x1, y1, 4548) as shape
      from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                  cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)
), invented as materialized (
    select id from networks_batch
     where is_invented and accepted_at <= :as_of and (undone_at is null or undone_at > :as_of)
)
select exists (select from networks_coverage as looked, box
                where looked.area && box.shape and st_intersects(looked.area, box.shape)
                  and looked.known_from <= :as_of and (looked.known_to is null or looked.known_to > :as_of)
                  and looked.batch_id in (select id from invented))
    or :asks_ground and exists (select from networks_node as node, box
                where node.place && st_expand(box.shape, :far_m) and node.ground_m is not null
                  and node.known_from <= :as_of and (node.known_to is null or node.known_to > :as_of)
                  and node.batch_id in (select id from invented))
    or :asks_roads and exists (select from networks_road as road, box
                where road.shape && box.shape and road.part in ('carriageway', 'footway')
                  and road.batch_id in (select id from invented))
