using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The tests that render the chart share what renders it.</summary>
[CollectionDefinition(Name)]
public sealed class ChartTests : ICollectionFixture<ChartEngine>
{
    public const string Name = "chart";

    /// <summary>Every engine with every set of values.</summary>
    public static TheoryData<string, string> Everything
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var engine in ChartEngine.All)
            {
                foreach (var set in ChartPaths.ValueSets) data.Add(engine, set);
            }

            return data;
        }
    }
}
