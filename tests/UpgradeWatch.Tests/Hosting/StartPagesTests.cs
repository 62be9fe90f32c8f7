using UpgradeWatch.Hosting;

namespace UpgradeWatch.Tests.Hosting;

public sealed class StartPagesTests
{
    [Theory]
    [InlineData("r-xp 00100000 fe:00 1234    /usr/bin/upgradewatch", 0, true)]
    [InlineData("r--p 00100000 fe:00 1234    /opt/a folder/upgradewatch", 0, true)]
    [InlineData("r--p 00100000 fe:00 1234    /usr/bin/upgradewatch (deleted)", 0, true)]
    [InlineData("r--p 00100000 fe:00 1234    /usr/bin/upgradewatch", 4, false)]
    [InlineData("r-xp 00100000 fe:00 1234    /usr/bin/upgradewatch", 140, false)]
    [InlineData("rw-p 00100000 fe:00 1234    /usr/bin/upgradewatch", 0, false)]
    [InlineData("r--s 00100000 fe:00 1234    /dev/shm/shared", 0, false)]
    [InlineData("r--p 00000000 00:00 0 ", 0, false)]
    [InlineData("r-xp 00000000 00:00 0       [vdso]", 0, false)]
    public void Only_what_is_the_same_in_the_file_is_given_back(string mapping, int changed, bool isGivenBack)
    {
        var given = StartPages.Unchanged(Mapping("7f001000-7f005000", mapping, changed));

        Assert.Equal(isGivenBack ? [((nint)0x7f001000, (nuint)0x4000)] : [], given);
    }

    [Fact]
    public void What_cannot_be_read_of_a_mapping_leaves_it_where_it_is()
    {
        string[] lines = ["7f001000-7f005000 r--p 00100000 fe:00 1234    /a", "Rss:     16 kB", .. Mapping("7f009000-7f00a000", "r--p 0 fe:00 1 /b", 0)];

        Assert.Equal([((nint)0x7f009000, (nuint)0x1000)], StartPages.Unchanged(lines));
    }

    private static string[] Mapping(string range, string mapping, int changed) =>
    [
        $"{range} {mapping}", "Size:                 16 kB", "Rss:                  16 kB", $"Anonymous:     {changed,8} kB", "VmFlags: rd ex mr mw me",
    ];
}
