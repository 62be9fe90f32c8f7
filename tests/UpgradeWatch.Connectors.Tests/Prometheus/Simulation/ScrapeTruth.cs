namespace UpgradeWatch.Connectors.Tests.Prometheus.Simulation;

/// <summary>Every event with the time at which a scrape first showed it.</summary>
internal sealed class ScrapeTruth
{
    private readonly List<(DateTimeOffset At, long[] Ok, long[] Errors)> _seen = [];

    public void Saw(DateTimeOffset at, long[] ok, long[] errors) => _seen.Add((at, ok, errors));

    /// <summary>All events that were first seen after one time and not after another.</summary>
    public double All(DateTimeOffset after, DateTimeOffset until) => Within(after, until).Sum(scrape => scrape.Ok.Sum() + scrape.Errors.Sum());

    public double Bad(DateTimeOffset after, DateTimeOffset until) => Within(after, until).Sum(scrape => scrape.Errors.Sum());

    public double Bucket(int bound, DateTimeOffset after, DateTimeOffset until) =>
        Within(after, until).Sum(scrape => scrape.Ok.Take(bound + 1).Sum() + scrape.Errors.Take(bound + 1).Sum());

    private IEnumerable<(DateTimeOffset At, long[] Ok, long[] Errors)> Within(DateTimeOffset after, DateTimeOffset until) =>
        _seen.Where(scrape => scrape.At > after && scrape.At <= until);
}
