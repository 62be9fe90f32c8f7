using System.Text;
using UpgradeWatch.Configuration;
using UpgradeWatch.TestKit.Fuzzing;

namespace UpgradeWatch.Tests.Fuzzing;

public sealed class ConfigurationFuzzTests
{
    [Fact]
    public void Whatever_the_file_holds_it_is_read_or_its_mistakes_are_told() =>
        Fuzz.Run("Fuzzing/Corpus/configuration", () => text =>
        {
            var result = ConfigLoader.Load(Encoding.UTF8.GetString(text), "fuzz.yaml", "", []);
            if (result.Options is null) Assert.NotEmpty(result.Mistakes);
            foreach (var mistake in result.Mistakes) Assert.InRange(mistake.Message.Length, 1, 4000);
        });
}
