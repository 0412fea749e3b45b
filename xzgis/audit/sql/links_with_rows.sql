-- Links after one position up to another, each with its row; the columns of the row are null when it is not there.
-- after_pos: exclusive; upto_pos: inclusive.
select link.pos, link.epoch, link.entry_id, link.happened_at, link.digest, link.hash,
       entry.id, entry.transaction_id, entry.happened_at, entry.actor_id, entry.actor, entry.acting_for, entry.via,
       entry.address, entry.event, entry.object_kind, entry.object_id, entry.result, entry.place::text,
       entry.details::text
  from audit_link as link
  left join audit_trail as entry on entry.id = link.entry_id and entry.happened_at = link.happened_at
 where link.pos > :after_pos and link.pos <= :upto_pos
 order by link.pos
