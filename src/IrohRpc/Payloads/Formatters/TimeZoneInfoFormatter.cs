using System.Buffers;
using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>
/// The id of a time zone that both systems know, whose rules are then the reader's own. One that a program made travels with its rules, as far as .NET can
/// read what it writes.
/// </summary>
internal sealed class TimeZoneInfoFormatter : MemoryPackFormatter<TimeZoneInfo>
{
    private const int LongestId = 128;

    // Systems look time zones up as files by their ids.
    private static readonly SearchValues<char> IdCharacters
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/ ()&'");

    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TimeZoneInfo? value)
    {
        if (value is null)
        {
            writer.WriteString(null);
            return;
        }

        bool isSystems = TryFind(value.Id, out TimeZoneInfo? same) && same.HasSameRules(value);
        writer.WriteString(isSystems ? value.Id : value.ToSerializedString());
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref TimeZoneInfo? value)
    {
        string? text = reader.ReadString();
        value = text is null ? null
            : TryFind(text, out TimeZoneInfo? known) ? known
            : text.Contains(';', StringComparison.Ordinal) ? TimeZoneInfo.FromSerializedString(text)
            : throw new InvalidDataException("this system does not know the time zone");
    }

    private static bool TryFind(string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return id.Length is > 0 and <= LongestId
            && id[0] is not ('/' or ' ')
            && !id.AsSpan().ContainsAnyExcept(IdCharacters)
            && !id.Contains("//", StringComparison.Ordinal)
            && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone);
    }
}
