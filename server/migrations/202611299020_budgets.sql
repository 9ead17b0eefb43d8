-- A spend may cover several days, up to and with the last, and belong to a platform that posts stand on.
alter table spend add column spent_until date;
alter table spend add column platform text;
alter table spend add constraint spend_period check (spent_until is null or spent_until >= spent_on);
