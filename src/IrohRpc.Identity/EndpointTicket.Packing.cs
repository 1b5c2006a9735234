using IrohRpc.Identity.Internal;
using MemoryPack;
using MemoryPack.Formatters;

namespace IrohRpc;

// In contracts and in records of theirs it is the text of a ticket.
public sealed partial class EndpointTicket : IMemoryPackable<EndpointTicket>
{
    static void IMemoryPackFormatterRegister.RegisterFormatter()
    {
        if (!MemoryPackFormatterProvider.IsRegistered<EndpointTicket>())
        {
            MemoryPackFormatterProvider.Register(new MemoryPackableFormatter<EndpointTicket>());
        }
    }

    static void IMemoryPackable<EndpointTicket>.Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref EndpointTicket? value)
        => writer.WriteString(value?.ToString());

    static void IMemoryPackable<EndpointTicket>.Deserialize(ref MemoryPackReader reader, scoped ref EndpointTicket? value)
        => value = reader.ReadString() is { } text ? PackedTicket.Read(text) : null;
}
