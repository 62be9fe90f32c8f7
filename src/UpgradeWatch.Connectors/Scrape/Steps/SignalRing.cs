using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>The newest steps of one signal, by slot; what it has no numbers of is null.</summary>
internal sealed class SignalRing(int capacity)
{
    /// <summary>All events.</summary>
    public double[]? All { get; private set; }

    /// <summary>Bad events.</summary>
    public double[]? Bad { get; private set; }

    /// <summary>The gauge.</summary>
    public double[]? Values { get; private set; }

    /// <summary>The histogram.</summary>
    public BucketRow?[]? Rows { get; private set; }

    /// <summary>Makes what a signal should have and has no step of a row of gaps, and leaves out what it does not measure.</summary>
    public void Shape(SignalDefinition signal)
    {
        var isEvents = signal.Gauge is null;
        All = isEvents ? All ?? Gaps() : null;
        Bad = isEvents && signal.Bad.Count > 0 ? Bad ?? Gaps() : null;
        Rows = signal.Buckets is not null ? Rows ?? new BucketRow?[capacity] : null;
        Values = isEvents ? null : Values ?? Gaps();
    }

    /// <summary>Makes a slot a gap.</summary>
    public void Clear(int slot)
    {
        if (All is not null) All[slot] = double.NaN;
        if (Bad is not null) Bad[slot] = double.NaN;
        if (Values is not null) Values[slot] = double.NaN;
        if (Rows is not null) Rows[slot] = null;
    }

    /// <summary>Adds events to a step: a second scrape in it continues the first.</summary>
    public void AddEvents(int slot, double all, double bad)
    {
        All = Add(All, slot, all);
        Bad = Add(Bad, slot, bad);
    }

    /// <summary>Adds a histogram to a step.</summary>
    public void AddRow(int slot, BucketRow? row)
    {
        Rows ??= new BucketRow?[capacity];
        if (row is not null) Rows[slot] = Rows[slot] is { } before ? BucketRow.Add(before, row) : row;
    }

    /// <summary>Sets the gauge of a step; the last one counts.</summary>
    public void SetValue(int slot, double value)
    {
        Values ??= Gaps();
        Values[slot] = value;
    }

    /// <summary>Adds a rate to a step.</summary>
    public void AddRate(int slot, double value) => Values = Add(Values, slot, value);

    private double[] Add(double[]? steps, int slot, double value)
    {
        steps ??= Gaps();
        if (!double.IsNaN(value)) steps[slot] = double.IsNaN(steps[slot]) ? value : steps[slot] + value;
        return steps;
    }

    private double[] Gaps()
    {
        var gaps = new double[capacity];
        Array.Fill(gaps, double.NaN);
        return gaps;
    }
}
