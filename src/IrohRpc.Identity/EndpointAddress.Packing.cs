using IrohRpc.Identity.Internal;
using MemoryPack;
using MemoryPack.Formatters;

namespace IrohRpc;

// In contracts and in records of theirs it is the text of a ticket.
public sealed partial class EndpointAddress : IMemoryPackable<EndpointAddress>
{
    static void IMemoryPackFormatterRegister.RegisterFormatter()
    {
        if (!MemoryPackFormatterProvider.IsRegistered<EndpointAddress>())
        {
            MemoryPackFormatterProvider.Register(new MemoryPackableFormatter<EndpointAddress>());
        }
    }

    static void IMemoryPackable<EndpointAddress>.Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref EndpointAddress? value)
        => writer.WriteString(value is null ? null : new EndpointTicket(value).ToString());

    static void IMemoryPackable<EndpointAddress>.Deserialize(ref MemoryPackReader reader, scoped ref EndpointAddress? value)
        => value = reader.ReadString() is { } text ? PackedTicket.Read(text).Address : null;
}
