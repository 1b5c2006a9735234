using System.Collections.Frozen;
using System.Globalization;
using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>The name of a culture. One that this system does not list is refused: .NET makes a culture for any name, and keeps it for ever.</summary>
internal sealed class CultureInfoFormatter : MemoryPackFormatter<CultureInfo>
{
    private static readonly Lazy<FrozenDictionary<string, CultureInfo>> Known = new(
        () => CultureInfo.GetCultures(CultureTypes.AllCultures)
            .DistinctBy(culture => culture.Name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(culture => culture.Name, CultureInfo.ReadOnly, StringComparer.OrdinalIgnoreCase));

    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref CultureInfo? value)
        => writer.WriteString(value?.Name);

    public override void Deserialize(ref MemoryPackReader reader, scoped ref CultureInfo? value)
        => value = reader.ReadString() is not { } name ? null
            : Known.Value.GetValueOrDefault(name) ?? throw new InvalidDataException("this system does not know the culture");
}
