using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>A ticket as its text.</summary>
internal sealed class EndpointTicketFormatter : MemoryPackFormatter<EndpointTicket>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref EndpointTicket? value)
        => writer.WriteString(value?.ToString());

    public override void Deserialize(ref MemoryPackReader reader, scoped ref EndpointTicket? value)
        => value = reader.ReadString() is { } text ? Read(text) : null;

    /// <summary>Reads a ticket that a peer wrote.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static EndpointTicket Read(string text)
    {
        try
        {
            return EndpointTicket.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}
