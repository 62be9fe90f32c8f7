using UpgradeWatch.Benchmarks.Judging;

var runs = Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 400 : 50;
CostTable.Print(Console.Out, TimeProvider.System);
CountsTable.Print(Console.Out, runs);
LatencyTable.Print(Console.Out, runs);
