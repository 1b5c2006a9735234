using IrohRpc.CompilerServices;

namespace IrohRpc.Connections;

/// <summary>A method that no peer has: whoever refuses it has read everything before it.</summary>
internal static class FlushProbe
{
    public static readonly MethodDescriptor Method = Make();

    private static MethodDescriptor Make()
    {
        var method = new MethodDescriptor
        {
            Index = 0,
            Name = "FlushAsync",
            WireName = "",
            Signature = "()->void",
            NameId = 0,
            SignatureId = 0,
            Result = ResultKind.None,
        };
        _ = new ContractDescriptor("RpcConnection", ["rpc/0"], [method]);
        return method;
    }
}
