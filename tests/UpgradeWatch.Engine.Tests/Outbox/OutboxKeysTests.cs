using UpgradeWatch.Engine.Outbox;

namespace UpgradeWatch.Engine.Tests.Outbox;

public class OutboxKeysTests
{
    [Fact]
    public void A_key_is_16_hex_digits_and_always_the_same_for_the_same_thing()
    {
        var key = OutboxKeys.Make("01A", "phase", "upgrading", 1);

        Assert.Matches("^[0-9a-f]{16}$", key);
        Assert.Equal(key, OutboxKeys.Make("01A", "phase", "upgrading", 1));
    }

    [Fact]
    public void Whatever_differs_gives_another_key()
    {
        string[] keys =
        [
            OutboxKeys.Make("01A", "phase", "upgrading", 1), OutboxKeys.Make("01B", "phase", "upgrading", 1), OutboxKeys.Make("01A", "finding", "upgrading", 1),
            OutboxKeys.Make("01A", "phase", "post-upgrade", 1), OutboxKeys.Make("01A", "phase", "upgrading", 2), OutboxKeys.Make("01A", "phaseupgrading", "", 1),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }
}
