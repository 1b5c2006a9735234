using System.Text.Json;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>The benchmarks run, and other programs can read what they found. What the figures are is not looked at.</summary>
public sealed class CompareTests
{
    private static readonly string[] Fields = ["scenario", "system", "transport", "callers", "median", "unit", "bytes_per_op", "ratio_to_irohrpc"];

    [Fact]
    public async Task Results_as_json_are_one_object_for_each_scenario_and_system_with_the_fields_that_others_read()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("results.json");
        await ChildProcess.RunAsync(SampleProgram.Benchmarks, "compare", "--quick", "--filter", "unary-64B", "--system", "irohrpc", "--json", file);
        using JsonDocument results = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));

        JsonElement[] objects = [.. results.RootElement.EnumerateArray()];
        Assert.All(objects, AssertIsResult);
        Assert.Distinct(objects.Select(one => (one.GetProperty("transport").GetString(), one.GetProperty("callers").GetInt32())));
        Assert.Contains(objects, one => one.GetProperty("transport").GetString() == "tls");
        Assert.Contains(objects, one => one.GetProperty("transport").GetString() == "memory");
    }

    private static void AssertIsResult(JsonElement result)
    {
        Assert.Equal(Fields, result.EnumerateObject().Select(field => field.Name));
        Assert.Equal("unary-64B", result.GetProperty("scenario").GetString());
        Assert.Equal("irohrpc", result.GetProperty("system").GetString());
        Assert.Equal("ops/s", result.GetProperty("unit").GetString());
        Assert.True(result.GetProperty("callers").GetInt32() >= 1);
        Assert.True(result.GetProperty("median").GetDouble() > 0);
        Assert.True(result.GetProperty("bytes_per_op").GetDouble() >= 0);
        Assert.Equal(1, result.GetProperty("ratio_to_irohrpc").GetDouble());
    }
}
