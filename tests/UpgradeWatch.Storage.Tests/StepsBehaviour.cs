using CsCheck;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tests.Records;

namespace UpgradeWatch.Storage.Tests;

/// <summary>What every store does with the steps it keeps.</summary>
public abstract class StepsBehaviour
{
    private static CancellationToken None => CancellationToken.None;

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IUpgradeStore> OpenAsync();

    [Fact]
    public async Task Steps_that_follow_each_other_come_back_as_one_block()
    {
        await using var store = await OpenAsync();
        for (var first = 100; first < 120; first += 4)
        {
            await store.SaveStepsAsync("checkout", Samples.Steps(first, 4), None);
        }

        Same.Assert(Samples.Steps(100, 20), Assert.Single(await LoadAllAsync(store)));
    }

    [Fact]
    public async Task Steps_with_other_signals_come_back_in_a_block_of_their_own()
    {
        await using var store = await OpenAsync();
        await store.SaveStepsAsync("checkout", Samples.Steps(100, 4), None);
        await store.SaveStepsAsync("checkout", Samples.Steps(104, 4, "memory"), None);

        Assert.Equal([100, 104], (await LoadAllAsync(store)).Select(block => block.FirstStep));
    }

    [Fact]
    public async Task Only_the_steps_that_end_within_the_window_come_back()
    {
        await using var store = await OpenAsync();
        await store.SaveStepsAsync("checkout", Samples.Steps(100, 10), None);
        await store.SaveStepsAsync("other", Samples.Steps(100, 10), None);

        var block = Assert.Single(await store.LoadStepsAsync("checkout", End(103), End(105), None));

        Same.Assert(Samples.Steps(103, 3), block);
        Assert.Empty(await store.LoadStepsAsync("checkout", End(103).AddSeconds(1), End(104).AddSeconds(-1), None));
    }

    [Fact]
    public async Task Steps_that_were_there_are_replaced_and_the_others_stay_whatever_the_order()
    {
        await using var store = await OpenAsync();
        var target = 0;
        await Gen.Select(Gen.Int[0, 300], Gen.Int[1, 200]).Array[1, 12].SampleAsync(
            async saves =>
            {
                var name = $"t{target++}";
                var expected = new SortedDictionary<long, double>();
                for (var n = 0; n < saves.Length; n++)
                {
                    var (first, count) = saves[n];
                    var block = Samples.Steps(first, count, offset: n * 10_000);
                    await store.SaveStepsAsync(name, block, None);
                    for (var i = 0; i < count; i++) expected[first + i] = block.Signals["cpu"].Values![i];
                }

                var blocks = await store.LoadStepsAsync(name, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, None);
                var actual = blocks.SelectMany(block => block.Signals["cpu"].Values!.Select((value, i) => KeyValuePair.Create(block.FirstStep + i, value)));
                Assert.Equal(expected, actual);
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task Steps_that_ended_too_long_ago_are_dropped()
    {
        await using var store = await OpenAsync();
        await store.SaveStepsAsync("checkout", Samples.Steps(100, 4), None);
        await store.SaveStepsAsync("checkout", Samples.Steps(200, 4), None);

        await store.PruneAsync(End(150), DateTimeOffset.UnixEpoch, None);

        Assert.Equal(200, Assert.Single(await LoadAllAsync(store)).FirstStep);
    }

    private static DateTimeOffset End(long step) => DateTimeOffset.UnixEpoch.AddSeconds(step * 15);

    private static Task<IReadOnlyList<StepBlock>> LoadAllAsync(IUpgradeStore store) =>
        store.LoadStepsAsync("checkout", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, None);
}
