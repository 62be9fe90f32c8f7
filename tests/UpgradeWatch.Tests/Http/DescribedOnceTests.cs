using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using UpgradeWatch.Http;

namespace UpgradeWatch.Tests.Http;

public sealed class DescribedOnceTests
{
    private int _written;

    [Fact]
    public async Task The_description_is_written_for_the_first_who_asks_alone()
    {
        var route = new RouteEndpointBuilder(WriteAsync, RoutePatternFactory.Parse("/openapi/{documentName}.json"), 0);
        DescribedOnce.Keep(route);

        Assert.Equal(("described v1", "text/x"), await AskAsync(route, "v1"));
        Assert.Equal(("described v1", "text/x"), await AskAsync(route, "v1"));
        Assert.Equal(1, _written);
        Assert.Equal(("described v2", "text/x"), await AskAsync(route, "v2"));
        Assert.Equal(("described v3", "text/x"), await AskAsync(route, "v3"));
        Assert.Equal(3, _written);
    }

    private static async Task<(string Body, string? Type)> AskAsync(EndpointBuilder route, string name)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Request.RouteValues["documentName"] = name;
        context.Response.Body = body;
        await route.RequestDelegate!(context);
        return (System.Text.Encoding.UTF8.GetString(body.ToArray()), context.Response.ContentType);
    }

    private async Task WriteAsync(HttpContext context)
    {
        _written++;
        context.Response.ContentType = "text/x";
        await context.Response.BodyWriter.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"described {context.GetRouteValue("documentName")}"));
    }
}
