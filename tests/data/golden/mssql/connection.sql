-- a session is set up
set lock_timeout 10000;
set xact_abort on;
set implicit_transactions off;
set transaction isolation level read committed;

-- the lock of migrations is taken
declare @answer int; exec @answer = sys.sp_getapplock @Resource = 'pswebhost.migration', @LockOwner = 'Session', @LockMode = 'Exclusive', @LockTimeout = 0; select case when @answer >= 0 then 1 else 0 end as taken;

-- and given back
declare @answer int; exec @answer = sys.sp_releaseapplock @Resource = 'pswebhost.migration', @LockOwner = 'Session'; select case when @answer >= 0 then 1 else 0 end as taken;
