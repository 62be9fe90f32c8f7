using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Output;

/// <summary>Upgrades, verdicts and checklists as text for people.</summary>
internal static class UpgradeText
{
    /// <summary>One upgrade on one line.</summary>
    public static string Line(UpgradeDocument upgrade) =>
        $"{upgrade.Target} {Versions(upgrade.FromVersion, upgrade.ToVersion)}: {upgrade.Phase} since {Shown.Time(upgrade.History[^1].At)} ({upgrade.Id})";

    /// <summary>Many upgrades.</summary>
    public static void WriteList(TextWriter output, IReadOnlyList<UpgradeDocument> upgrades)
    {
        if (upgrades.Count == 0)
        {
            output.WriteLine("There is no upgrade yet.");
            return;
        }

        var table = new Table("TARGET", "VERSION", "PHASE", "SINCE", "VERDICT", "CODE", "FINAL", "UPGRADE");
        foreach (var upgrade in upgrades)
        {
            table.Add(upgrade.Target, Versions(upgrade.FromVersion, upgrade.ToVersion), upgrade.Phase, Shown.Time(upgrade.History[^1].At),
                upgrade.Verdict.Status, upgrade.Verdict.Code, upgrade.Verdict.Final ? "yes" : "no", upgrade.Id);
        }

        table.Write(output);
    }

    /// <summary>One upgrade, whole.</summary>
    public static void WriteWhole(TextWriter output, UpgradeDocument upgrade)
    {
        output.WriteLine(Line(upgrade));
        if (upgrade.Owner is { } owner) output.WriteLine($"Owner: {owner}");
        if (upgrade.ObservationWindow is { } window) output.WriteLine($"Watched: {Shown.Time(window.From)} to {Shown.Time(window.Until)}{(window.Closed ? " (closed)" : "")}");
        if (upgrade.AllowedMoves.Count > 0) output.WriteLine($"Next: {string.Join(", ", upgrade.AllowedMoves)}");
        output.WriteLine();
        output.WriteLine("Phases:");
        var phases = new Table("PHASE", "AT", "BY", "REASON");
        foreach (var phase in upgrade.History) phases.Add(phase.Phase, Shown.Time(phase.At), phase.By, phase.Reason);
        phases.Write(output, "  ");
        output.WriteLine();
        WriteVerdict(output, upgrade.Verdict);
        var open = upgrade.Checklist.Where(item => item.Status is not ("done" or "skipped")).ToArray();
        if (open.Length == 0) return;
        output.WriteLine();
        output.WriteLine($"Checklist, {open.Length} of {upgrade.Checklist.Count} items open:");
        WriteItems(output, open, "  ");
    }

    /// <summary>A verdict with its findings.</summary>
    public static void WriteVerdict(TextWriter output, VerdictDocument verdict)
    {
        output.WriteLine($"Verdict: {verdict.Status} ({verdict.Code}){(verdict.Final ? ", final" : "")}");
        output.WriteLine($"  {verdict.Summary}");
        if (verdict.Findings.Count > 0)
        {
            output.WriteLine();
            var table = new Table("SLI", "STATUS", "CODE", "BEFORE", "NOW", "CHANGE", "SINCE");
            foreach (var finding in verdict.Findings)
            {
                table.Add(finding.Sli + (finding.Critical ? "" : " (not critical)"), finding.Status, finding.Code, Shown.Value(finding.Baseline, finding.Unit),
                    Shown.Value(finding.Current, finding.Unit), finding.ChangeRatio is null ? null : $"x{Shown.Number(finding.ChangeRatio)}", Shown.Time(finding.Since));
            }

            table.Write(output, "  ");
        }

        foreach (var finding in verdict.Findings.Where(finding => finding.Status is "fail" or "warn" or "inconclusive"))
        {
            output.WriteLine($"  {finding.Sli}: {finding.Reason}");
        }

        foreach (var finding in verdict.Findings.Where(finding => finding.Acknowledged is not null))
        {
            var said = finding.Acknowledged!;
            output.WriteLine($"  {finding.Sli}: acknowledged by {said.By ?? "somebody"} at {Shown.Time(said.At)}{(said.Until is null ? "" : $" until {Shown.Time(said.Until)}")}: {said.Reason}");
        }

        if (verdict.LeftOut.Count > 0) output.WriteLine($"  Left out, no sample before or after: {string.Join(", ", verdict.LeftOut)}");
    }

    /// <summary>Checklist items.</summary>
    public static void WriteItems(TextWriter output, IReadOnlyList<ItemDocument> items, string indent = "")
    {
        var table = new Table("PHASE", "ITEM", "STATUS", "REQUIRED", "SET BY", "OWNER", "NOTE");
        foreach (var item in items)
        {
            var by = item.Driven && !item.Overridden ? "upgradewatch" : item.ChangedBy;
            table.Add(item.Phase, item.Id, item.Status, item.Required ? "yes" : "no", by, item.Owner, string.Join(' ', new[] { item.Finding, item.Note, item.Link, Acknowledged(item) }.Where(text => text is not null)));
        }

        table.Write(output, indent);
    }

    private static string? Acknowledged(ItemDocument item) =>
        item.Acknowledged.Count == 0 ? null : $"acknowledged: {string.Join(", ", item.Acknowledged.Select(said => $"{said.Sli} ({said.By ?? "somebody"})"))}";

    private static string Versions(string? from, string to) => from is null ? to : $"{from} -> {to}";
}
