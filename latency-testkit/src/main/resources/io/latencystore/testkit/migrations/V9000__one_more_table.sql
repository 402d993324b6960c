-- A later version that only adds, as the contract's tests of upgrades need it.
CREATE TABLE latency_contract_probe (
  id BIGINT NOT NULL
);
