using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Connectors.Prometheus;

namespace UpgradeWatch.Cli.Live;

/// <summary>What a live check found, for people and as JSON.</summary>
internal static class LiveReport
{
    public static void Write(TextWriter output, LiveResult result)
    {
        if (result.Grafana is { } grafana) output.WriteLine(grafana.Problem ?? $"grafana {grafana.Version ?? "(version hidden)"}: answers and takes the credentials");
        if (result.Grafana?.Note is { } note) output.WriteLine($"  note: {note}");
        foreach (var one in result.Alertmanagers) output.WriteLine(one.Problem ?? $"{one.Name}: version {one.Version}, answers and takes the credentials");
        if (result.Kubernetes is { } cluster) Write(output, cluster);
        foreach (var target in result.Targets) Write(output, target);
    }

    public static JsonObject ToJson(LiveResult result) => new()
    {
        ["good"] = result.IsGood,
        ["grafana"] = result.Grafana is { } grafana ? new JsonObject { ["version"] = grafana.Version, ["problem"] = grafana.Problem, ["note"] = grafana.Note } : null,
        ["alertmanagers"] = new JsonArray([.. result.Alertmanagers.Select(one => (JsonNode)new JsonObject { ["name"] = one.Name, ["version"] = one.Version, ["problem"] = one.Problem })]),
        ["kubernetes"] = result.Kubernetes is { } cluster
            ? new JsonObject
            {
                ["problems"] = Words(cluster.Problems),
                ["notes"] = Words(cluster.Notes),
                ["workloads"] = new JsonObject(cluster.Workloads.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)Words(one.Value)))),
            }
            : null,
        ["targets"] = new JsonArray([.. result.Targets.Select(target => (JsonNode)ToJson(target))]),
    };

    private static void Write(TextWriter output, LiveCluster cluster)
    {
        if (cluster.Problems.Count == 0) output.WriteLine("kubernetes: answers, and everything that is watched may be read");
        foreach (var problem in cluster.Problems) output.WriteLine(problem);
        foreach (var (target, workloads) in cluster.Workloads)
        {
            output.WriteLine(workloads.Count > 0
                ? $"  {target}: {string.Join(", ", workloads)}"
                : $"  {target}: no workload is found, so its upgrades must be told; see targets[].kubernetes");
        }

        foreach (var note in cluster.Notes) output.WriteLine($"  note: {note}");
    }

    private static void Write(TextWriter output, LiveTarget target)
    {
        output.WriteLine();
        if (target.Report.Plan is not { } plan)
        {
            output.WriteLine($"{target.Target.Name}: {target.Report.Failure?.Message ?? "no plan"}");
            return;
        }

        output.WriteLine($"{target.Target.Name} ({plan.Source}): {plan.Explanation}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  scraped every {plan.ScrapeIntervalSeconds:0.###} s, step {plan.StepSeconds:0.###} s, complete after {plan.DelaySeconds:0.###} s"));
        output.WriteLine($"  SLIs: {string.Join(", ", plan.Slis.Select(sli => sli.Critical ? sli.Name : sli.Name + " (not critical)"))}");
        if (target.Report.Queries.Count > 0)
        {
            var table = new Table("QUERY", "WINDOW", "SERIES", "COVERAGE", "STEPS", "LABELS");
            foreach (var query in target.Report.Queries)
            {
                table.Add(Name(query), Word(query.Window), $"{query.SeriesBehind ?? query.Series}", string.Create(CultureInfo.InvariantCulture, $"{query.Coverage * 100:0} %"), $"{query.Steps}", string.Join(',', query.Labels));
            }

            table.Write(output, "  ");
        }

        foreach (var query in target.Report.Queries)
        {
            if (query.Failure is { } failure) output.WriteLine($"  {Name(query)}, {Word(query.Window)}: {failure.Message}");
            if (query.Empty is { } empty) output.WriteLine($"  {Name(query)}, {Word(query.Window)}, {(LiveTarget.IsMissingIn(query) ? "empty" : "none yet")}: {empty}");
        }

        foreach (var warning in target.Report.Warnings.Concat(target.Report.Queries.SelectMany(query => query.Warnings)).Distinct()) output.WriteLine($"  note: {warning}");
    }

    private static JsonObject ToJson(LiveTarget target) => new()
    {
        ["target"] = target.Target.Name,
        ["good"] = !target.IsMissing,
        ["source"] = target.Report.Plan?.Source,
        ["profile"] = target.Report.Plan?.Profile,
        ["explanation"] = target.Report.Plan?.Explanation,
        ["failure"] = target.Report.Failure?.Message,
        ["scrapeIntervalSeconds"] = target.Report.Plan?.ScrapeIntervalSeconds,
        ["stepSeconds"] = target.Report.Plan?.StepSeconds,
        ["delaySeconds"] = target.Report.Plan?.DelaySeconds,
        ["slis"] = Words(target.Report.Plan?.Slis.Select(sli => sli.Name)),
        ["warnings"] = Words(target.Report.Warnings),
        ["queries"] = new JsonArray([.. target.Report.Queries.Select(query => (JsonNode)ToJson(query))]),
    };

    private static JsonObject ToJson(QueryCheck query) => new()
    {
        ["name"] = Name(query),
        ["window"] = Word(query.Window),
        ["query"] = query.Query,
        ["good"] = !LiveTarget.IsMissingIn(query),
        ["series"] = query.SeriesBehind ?? query.Series,
        ["labels"] = Words(query.Labels),
        ["steps"] = query.Steps,
        ["coverage"] = query.Coverage,
        ["samples"] = query.Samples,
        ["failure"] = query.Failure?.Message,
        ["empty"] = query.Empty,
        ["warnings"] = Words(query.Warnings),
    };

    private static JsonArray Words(IEnumerable<string>? words) => new([.. (words ?? []).Select(word => (JsonNode)word)]);

    private static string Name(QueryCheck query) => query.Signal is null ? Word(query.Purpose) : $"{query.Signal}/{Word(query.Purpose)}";

    private static string Word(QueryPurpose purpose) => purpose switch
    {
        QueryPurpose.Instances => "instances",
        QueryPurpose.All => "all",
        QueryPurpose.Bad => "bad",
        QueryPurpose.Buckets => "buckets",
        _ => "gauge",
    };

    private static string Word(CheckWindow window) => window == CheckWindow.Baseline ? "baseline" : "observation";
}
