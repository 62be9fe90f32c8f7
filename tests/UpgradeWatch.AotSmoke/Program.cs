using UpgradeWatch.AotSmoke;

// Published natively and run: what the linker cut away or reflection would have needed shows here, not in production.
(string Name, Func<Task> Run)[] checks =
[
    ("phases", PhaseSmoke.RunAsync),
    ("judge", JudgeSmoke.RunAsync),
    ("store", StoreSmoke.RunAsync),
    ("prometheus", PrometheusSmoke.RunAsync),
];

var failed = 0;
foreach (var (name, run) in checks)
{
    try
    {
        await run();
        Console.WriteLine($"{name}: ok");
    }
    catch (Exception exception)
    {
        failed++;
        Console.WriteLine($"{name}: FAILED\n{exception}");
    }
}

return failed == 0 ? 0 : 1;
