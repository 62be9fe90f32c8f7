using UpgradeWatch.Benchmarks.Cost;
using UpgradeWatch.Benchmarks.Judging;
using UpgradeWatch.Benchmarks.PublicData;
using UpgradeWatch.Benchmarks.Scrape;

const string Quick = "--quick";
var runs = args.Contains(Quick) ? 40 : 400;
var tables = new (string Name, Action Print)[]
{
    ("cost", () => CostTable.Print(Console.Out)),
    ("counts", () => CountsTable.Print(Console.Out, runs)),
    ("counts-history", () => CountsTable.PrintWithHistory(Console.Out, runs)),
    ("restart", () => RestartTable.Print(Console.Out, runs)),
    ("fix-forward", () => FixForwardTable.Print(Console.Out, runs)),
    ("latency", () => LatencyTable.Print(Console.Out, runs)),
    ("changes", () => DataFolder.Print(ChangesTable.Print)),
    ("a-a", () => DataFolder.Print(PlaceboTable.Print)),
    ("many-slis", () => DataFolder.Print(ManySlisTable.Print)),
    ("scrape", () => ScrapeTable.Print(Console.Out, TimeProvider.System)),
};

string[] wanted = [.. args.Where(arg => arg != Quick)];
if (wanted.FirstOrDefault(name => !tables.Any(table => table.Name == name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no table {unknown}; choose from {string.Join(", ", tables.Select(table => table.Name))}, or none for all; {Quick} simulates a tenth.");
    return 2;
}

foreach (var (name, print) in tables)
{
    if (wanted.Length == 0 || wanted.Contains(name))
        print();
}

return 0;
