using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>Finds descriptors by type argument.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ContractDescriptors
{
    /// <summary>The descriptor of a contract.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    public static ContractDescriptor Of<T>()
        where T : class, IContract<T>
        => T.Descriptor;
}
