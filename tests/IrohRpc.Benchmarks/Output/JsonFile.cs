using System.Text.Json;
using IrohRpc.Benchmarks.Measuring;

namespace IrohRpc.Benchmarks.Output;

/// <summary>The results for other programs: an array with one object for each scenario and system.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    public static void Write(Stream destination, IReadOnlyList<Result> results)
    {
        using var writer = new Utf8JsonWriter(destination, Options);
        writer.WriteStartArray();
        foreach (Result result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("scenario", result.Scenario.Name);
            writer.WriteString("system", result.System.Name);
            writer.WriteString("transport", result.System.Transport);
            writer.WriteNumber("callers", result.Scenario.Callers);
            WriteNumber(writer, "median", result.Median);
            writer.WriteString("unit", result.Scenario.Unit);
            WriteNumber(writer, "bytes_per_op", result.BytesPerOperation);
            WriteNumber(writer, "ratio_to_irohrpc", Ratios.ToOurs(result, results));
            foreach (KeyValuePair<string, double> detail in result.Details)
            {
                WriteNumber(writer, detail.Key, detail.Value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, Math.Round(number, 3));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
