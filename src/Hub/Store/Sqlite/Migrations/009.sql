-- The process that does the run; what is raised when it was taken for dead, so that it can commit nothing more; why it failed, where it could not say so itself.
alter table run add column node text;
alter table run add column fence integer not null default 0;
alter table run add column problem text;
create index run_running on run (id) where state = 'running';
