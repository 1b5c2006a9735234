using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>An object of this side's that peers may call, with the number by which they do. An object has one number for each contract that it is passed as.</summary>
internal sealed class PassedObject
{
    private static readonly ConditionalWeakTable<object, PassedObject> Known = [];

    private PassedObject? _asOther;

    private PassedObject(object value, ServiceBinding binding)
    {
        Binding = binding;
        Home = (value as ContractProxy)?.Invoker as BoundInvoker;
    }

    /// <summary>
    /// Unique in the process, so that it is known before the connection is: a call that waits for its connection, or is made again on another,
    /// has its arguments written already.
    /// </summary>
    public long Number { get; } = ObjectNumbers.Next();

    public ServiceBinding Binding { get; }

    /// <summary>Where the object is at home, if it is a proxy of a peer's: that peer gets its own object back.</summary>
    public BoundInvoker? Home { get; }

    /// <summary>The one for an object as a contract.</summary>
    public static PassedObject Of<T>(T value)
        where T : class, IContract<T>
    {
        PassedObject first = Known.GetValue(value, static key => new PassedObject(key, new ServiceBinding<T>((T)key)));
        for (PassedObject? known = first; known is not null; known = Volatile.Read(ref known._asOther))
        {
            if (known.Binding is ServiceBinding<T>)
            {
                return known;
            }
        }

        lock (first)
        {
            PassedObject last = first;
            while (last._asOther is { } next)
            {
                last = next;
                if (last.Binding is ServiceBinding<T>)
                {
                    return last;
                }
            }

            var added = new PassedObject(value, new ServiceBinding<T>(value));
            Volatile.Write(ref last._asOther, added);
            return added;
        }
    }
}
