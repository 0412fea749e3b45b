-- The state of the data at one time (as_of: timestamptz), and whether invented data was in the register then.
-- The digest is that of state.sql over the entries of the trail up to then: a later change leaves it as it is.
select left(md5(coalesce(string_agg(concat(recent.id, ' ', extract(epoch from recent.happened_at)), ','
                                    order by recent.id), '')), 16),
       exists (select from networks_batch
                where is_invented and accepted_at <= :as_of and (undone_at is null or undone_at > :as_of))
  from (select id, happened_at from audit_trail
         where happened_at <= :as_of order by id desc limit 200) as recent
