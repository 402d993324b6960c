-- A later version whose second statement fails, as the contract's tests of upgrades need it.
CREATE TABLE latency_contract_probe (
  id BIGINT NOT NULL
);
INSERT INTO latency_contract_no_such_table (id) VALUES (1);
