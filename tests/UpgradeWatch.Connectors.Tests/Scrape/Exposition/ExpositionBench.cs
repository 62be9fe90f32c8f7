using System.Text;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Scrape.Series;
using UpgradeWatch.Connectors.Scrape.Steps;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Tests.Scrape.Exposition;

/// <summary>A parser that needs the metric <c>wanted</c>.</summary>
internal sealed class ExpositionBench
{
    private readonly ExpositionParser _parser;
    private readonly List<ScrapedSample> _samples = [];

    public ExpositionBench(ExpositionLimits? limits = null)
    {
        var signals = new SignalSet();
        signals.Add(new SignalDefinition { Name = "requests", All = [new Selector("wanted", [])] });
        Table = new SeriesTable(signals);
        _parser = new ExpositionParser(Table, limits ?? new ExpositionLimits());
    }

    public SeriesTable Table { get; }

    /// <summary>The error, or null.</summary>
    public string? Parse(string body, ExpositionFormat format = ExpositionFormat.Text, bool isWhole = false) =>
        Parse(Encoding.UTF8.GetBytes(body), format, isWhole);

    /// <summary>The error, or null.</summary>
    public string? Parse(byte[] body, ExpositionFormat format = ExpositionFormat.Text, bool isWhole = false) =>
        _parser.Parse(body, format, isWhole, _samples);

    /// <summary>The samples of a body that is right.</summary>
    public IReadOnlyList<(string Labels, double Value)> Samples(string body, ExpositionFormat format = ExpositionFormat.Text)
    {
        Assert.Null(Parse(body, format));
        return [.. _samples.Select(sample => (string.Join(';', sample.Series.Labels.Select(label => $"{label.Key}={label.Value}")), sample.Value))];
    }

    /// <summary>The states behind the samples of a body that is right.</summary>
    public IReadOnlyList<SeriesState> States(string body)
    {
        Assert.Null(Parse(body));
        return [.. _samples.Select(sample => sample.Series.State)];
    }
}
