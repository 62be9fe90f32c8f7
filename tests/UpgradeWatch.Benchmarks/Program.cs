using UpgradeWatch.Benchmarks.Judging;
using UpgradeWatch.Benchmarks.Scrape;

var runs = Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 400 : 50;
CostTable.Print(Console.Out, TimeProvider.System);
CountsTable.Print(Console.Out, runs);
LatencyTable.Print(Console.Out, runs);
ScrapeTable.Print(Console.Out, TimeProvider.System);
