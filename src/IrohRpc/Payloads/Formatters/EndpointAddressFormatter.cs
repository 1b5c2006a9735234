using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>The address of an endpoint as the text of its ticket.</summary>
internal sealed class EndpointAddressFormatter : MemoryPackFormatter<EndpointAddress>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref EndpointAddress? value)
        => writer.WriteString(value is null ? null : new EndpointTicket(value).ToString());

    public override void Deserialize(ref MemoryPackReader reader, scoped ref EndpointAddress? value)
        => value = reader.ReadString() is { } text ? EndpointTicketFormatter.Read(text).Address : null;
}
