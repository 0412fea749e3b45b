-- What a finding says of the existing runs it names, as known at one time. ids: bigint[]. as_of: timestamptz.
select run.object_id, run.label, run.owner, run.life_state, run.surveyed_on, batch.name, run.kind,
       run.pressure_class, run.voltage_kv, run.burial, run.material, run.nominal_width_mm
  from networks_run as run
  left join networks_batch as batch on batch.id = run.batch_id
 where run.object_id = any (cast(:ids as bigint[]))
   and run.known_from <= :as_of
   and (run.known_to is null or run.known_to > :as_of)
