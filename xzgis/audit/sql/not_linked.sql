-- Rows that should have been sealed and hold no link, and rows with a transaction number nobody was given yet.
-- horizon: before it every row was sealed; next_transaction: the first number not given yet.
select id, happened_at, transaction_id >= :next_transaction as is_forged
  from audit_trail as entry
 where (transaction_id < :horizon or transaction_id >= :next_transaction)
   and not exists (select from audit_link as link
                    where link.entry_id = entry.id and link.happened_at = entry.happened_at)
 order by id
