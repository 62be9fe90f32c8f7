using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UpgradeWatch.Http.Contracts;

/// <summary>Everything the API reads and writes, for server and command line alike.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(BeginRequest))]
[JsonSerializable(typeof(AdvanceRequest))]
[JsonSerializable(typeof(ItemRequest))]
[JsonSerializable(typeof(AcknowledgeRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(FlaggerRequest))]
[JsonSerializable(typeof(ArgoCdRequest))]
[JsonSerializable(typeof(PipelineRequest))]
[JsonSerializable(typeof(PipelineDocument))]
[JsonSerializable(typeof(UpgradeDocument))]
[JsonSerializable(typeof(UpgradeListDocument))]
[JsonSerializable(typeof(VerdictDocument))]
[JsonSerializable(typeof(ChecklistDocument))]
[JsonSerializable(typeof(SeriesDocument))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int?))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The same, written for people who read JSON as it is: quotes in sentences are not escaped. It goes into no HTML.</summary>
    public static ApiJson Wire => field ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
