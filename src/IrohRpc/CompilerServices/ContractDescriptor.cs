using System.Collections.Frozen;
using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>All that the runtime knows of one contract. Immutable; one instance for the life of the program.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ContractDescriptor
{
    private readonly FrozenDictionary<uint, MethodDescriptor> _methods;
    private readonly FrozenDictionary<string, int> _versions;

    /// <summary>Describes a contract.</summary>
    /// <param name="name">The interface's name in C#, for messages.</param>
    /// <param name="alpns">Its ALPNs, newest first; at least one.</param>
    /// <param name="methods">Its methods, each at the place that its index says.</param>
    /// <exception cref="ArgumentException">There is no ALPN, a method stands in the wrong place, or two share a name id.</exception>
    public ContractDescriptor(string name, IReadOnlyList<string> alpns, IReadOnlyList<MethodDescriptor> methods)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(alpns);
        ArgumentNullException.ThrowIfNull(methods);
        if (alpns.Count == 0)
        {
            throw new ArgumentException($"{name} has no ALPN.", nameof(alpns));
        }

        Name = name;
        Alpns = alpns;
        Methods = methods;
        _versions = alpns.Select(KeyValuePair.Create<string, int>).ToFrozenDictionary();
        for (int index = 0; index < methods.Count; index++)
        {
            if (methods[index].Index != index)
            {
                throw new ArgumentException($"{name}.{methods[index].Name} stands at {index} and says {methods[index].Index}.", nameof(methods));
            }

            methods[index].Contract = this;
        }

        _methods = methods.ToFrozenDictionary(method => method.NameId);
    }

    /// <summary>The interface's name in C#, for messages.</summary>
    public string Name { get; }

    /// <summary>Its ALPNs, newest first.</summary>
    public IReadOnlyList<string> Alpns { get; }

    /// <summary>Its methods, by index.</summary>
    public IReadOnlyList<MethodDescriptor> Methods { get; }

    /// <summary>The method of a name id, or null.</summary>
    internal MethodDescriptor? Find(uint nameId) => _methods.GetValueOrDefault(nameId);

    /// <summary>
    /// Whether a connection that agreed on <paramref name="alpn"/> has the method. One that is none of the contract's ALPNs was mapped by hand,
    /// and has all.
    /// </summary>
    internal bool Has(MethodDescriptor method, string alpn)
        => method.Since is null
            || !_versions.TryGetValue(alpn, out int negotiated)
            || !_versions.TryGetValue(method.Since, out int since)
            || negotiated <= since;
}
