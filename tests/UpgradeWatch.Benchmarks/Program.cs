using UpgradeWatch.Benchmarks.Cost;
using UpgradeWatch.Benchmarks.Judging;
using UpgradeWatch.Benchmarks.PublicData;
using UpgradeWatch.Benchmarks.Scrape;

var runs = Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 400 : 50;
var tables = new (string Name, Action Print)[]
{
    ("cost", () => CostTable.Print(Console.Out)),
    ("counts", () => CountsTable.Print(Console.Out, runs)),
    ("latency", () => LatencyTable.Print(Console.Out, runs)),
    ("changes", () => DataFolder.Print(ChangesTable.Print)),
    ("a-a", () => DataFolder.Print(PlaceboTable.Print)),
    ("many-slis", () => DataFolder.Print(ManySlisTable.Print)),
    ("scrape", () => ScrapeTable.Print(Console.Out, TimeProvider.System)),
};

if (args.FirstOrDefault(name => !tables.Any(table => table.Name == name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no table {unknown}; choose from {string.Join(", ", tables.Select(table => table.Name))}, or none for all.");
    return 2;
}

foreach (var (name, print) in tables)
{
    if (args.Length == 0 || args.Contains(name))
        print();
}

return 0;
