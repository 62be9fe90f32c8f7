using System.Globalization;
using UpgradeWatch.Benchmarks.Cost;
using UpgradeWatch.Benchmarks.Judging;
using UpgradeWatch.Benchmarks.Kubernetes;
using UpgradeWatch.Benchmarks.PublicData;
using UpgradeWatch.Benchmarks.Scrape;
using UpgradeWatch.Benchmarks.Soak;

const string Quick = "--quick";
const string Soak = SoakTable.Name;
const string FromSeed = "--from-seed";
var firstSeed = 1;
var seedAt = Array.IndexOf(args, FromSeed);
if (seedAt >= 0 && !(seedAt + 1 < args.Length && int.TryParse(args[seedAt + 1], NumberStyles.None, CultureInfo.InvariantCulture, out firstSeed)))
{
    Console.Error.WriteLine($"{FromSeed} takes the first seed of the simulations, for instance {FromSeed} 401.");
    return 2;
}

if (args is [ClusterTable.Name])
{
    await ClusterTable.PrintAsync(Console.Out);
    return 0;
}

if (args.Contains(Soak)) return SoakTable.Run(args, Console.Out, Console.Error);

var runs = new Runs(args.Contains(Quick) ? 40 : 400, firstSeed);
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

string[] wanted = [.. args.Where((arg, i) => arg != Quick && (seedAt < 0 || (i != seedAt && i != seedAt + 1)))];
if (wanted.FirstOrDefault(name => !tables.Any(table => table.Name == name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no table {unknown}; choose from {string.Join(", ", tables.Select(table => table.Name))}, or none for all of these, or {Soak}, or {ClusterTable.Name}; {Quick} simulates a tenth, {FromSeed} N with other seeds.");
    return 2;
}

foreach (var (name, print) in tables)
{
    if (wanted.Length == 0 || wanted.Contains(name))
        print();
}

return 0;
